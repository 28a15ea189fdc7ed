// What the kernel alone takes: a loop of fork(2) and wait(2) around the same worker, which nobody watches, limits or
// reports.
//
// bare COUNT [PROGRAM]: as many copies of this process, or of the program.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "line.hpp"

namespace {

volatile std::sig_atomic_t stopping = 0;

void stop(int) {
  stopping = 1;
  ::signal(SIGTERM, SIG_IGN);
  ::kill(0, SIGTERM);
}

void start_one(char** program) {
  pid_t pid = 0;
  if (*program != nullptr) {
    if (::posix_spawn(&pid, *program, nullptr, nullptr, program, environ) != 0) std::abort();
  } else if (::fork() == 0) {
    ::signal(SIGTERM, SIG_DFL);
    peers::write_line();
    for (;;) ::pause();
  }
}

}  // namespace

int main(int, char** argv) {
  ::signal(SIGTERM, stop);
  for (int left = std::atoi(argv[1]); left > 0; --left) start_one(argv + 2);
  while (::wait(nullptr) > 0)
    if (stopping == 0) start_one(argv + 2);
}
