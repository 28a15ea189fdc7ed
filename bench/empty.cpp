// A program with nothing in it, that measures how long its own fork() takes to the child's first instruction: the
// second baseline of a start. Prints microseconds, one a line.
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>

namespace {

double now() {
  timespec at{};
  ::clock_gettime(CLOCK_MONOTONIC, &at);
  return static_cast<double>(at.tv_sec) * 1e6 + static_cast<double>(at.tv_nsec) / 1e3;
}

}  // namespace

int main() {
  void* memory = ::mmap(nullptr, sizeof(double), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 1;
  auto& stamp = *static_cast<volatile double*>(memory);
  for (int round = 0; round < 10; ++round) {
    stamp = 0;
    const double began = now();
    const pid_t pid = ::fork();
    if (pid == 0) {
      stamp = now();
      ::_exit(0);
    }
    ::waitpid(pid, nullptr, 0);
    std::printf("%.3f\n", stamp - began);
  }
}
