#include "kernel.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "proc.hpp"

namespace bench {
namespace {

struct shared_time {
  std::atomic<double> at;
};

shared_time& shared() {
  static auto* memory = static_cast<shared_time*>(
      ::mmap(nullptr, sizeof(shared_time), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *memory;
}

double wait_for_stamp(double began) {
  // Not a spin: on a busy machine it would take the processor from the child. The stamp is the child's own.
  while (shared().at.load() < began) std::this_thread::sleep_for(std::chrono::microseconds(50));
  return shared().at.load() - began;
}

// Children side by side, of which each has said that it runs.
std::vector<pid_t> fork_side_by_side(int count) {
  int ends[2];
  std::vector<pid_t> all;
  if (::pipe(ends) != 0) return all;
  for (int index = 0; index < count; ++index) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::write(ends[1], "x", 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    all.push_back(pid);
  }
  char byte;
  for (int index = 0; index < count; ++index) {
    if (::read(ends[0], &byte, 1) != 1) break;
  }
  ::close(ends[0]);
  ::close(ends[1]);
  return all;
}

void end_all(const std::vector<pid_t>& all, int signal) {
  for (const pid_t pid : all) ::kill(pid, signal);
  for (const pid_t pid : all) ::waitpid(pid, nullptr, 0);
}

}  // namespace

double now_microseconds() { return std::chrono::duration<double, std::micro>(clock::now().time_since_epoch()).count(); }

// The measures are functions of this very program, so their addresses mean the same in both copies.
kernel_side::kernel_side() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(ends[0]);
    double (*measure)() = nullptr;
    while (::read(ends[1], static_cast<void*>(&measure), sizeof measure) == sizeof measure) {
      const double took = measure();
      if (::write(ends[1], &took, sizeof took) != sizeof took) break;
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  socket_ = ends[0];
}

kernel_side::~kernel_side() {
  ::close(socket_);
  ::waitpid(pid_, nullptr, 0);
}

double kernel_side::run(double (*measure)()) {
  double took = 0;
  if (::write(socket_, static_cast<const void*>(&measure), sizeof measure) != sizeof measure) return 0;
  return ::read(socket_, &took, sizeof took) == sizeof took ? took : 0;
}

pid_t fork_pausing() {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  shared().at = now_microseconds();
  for (;;) ::pause();
}

void end(pid_t pid, int signal) {
  ::kill(pid, signal);
  ::waitpid(pid, nullptr, 0);
}

double fork_once() {
  shared().at = 0;
  const double began = now_microseconds();
  const pid_t pid = fork_pausing();
  const double took = wait_for_stamp(began);
  end(pid, SIGKILL);
  return took;
}

std::vector<double> fork_empty_program() {
  std::vector<double> all;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe").replace_filename("bench_empty");
  std::FILE* lines = ::popen(beside.c_str(), "r");
  for (double took = 0; lines != nullptr && std::fscanf(lines, "%lf", &took) == 1;) all.push_back(took);
  if (lines != nullptr) ::pclose(lines);
  return all;
}

double kill_and_fork_once() {
  const pid_t first = fork_pausing();
  shared().at = 0;
  const double began = now_microseconds();
  end(first, SIGKILL);
  const pid_t next = fork_pausing();
  const double took = wait_for_stamp(began);
  end(next, SIGKILL);
  return took;
}

double fork_many(int count) {
  const auto began = clock::now();
  const auto all = fork_side_by_side(count);
  const double took = microseconds_since(began);
  end_all(all, SIGTERM);
  return took;
}

double end_many(int count) {
  const auto all = fork_side_by_side(count);
  const auto began = clock::now();
  end_all(all, SIGTERM);
  return microseconds_since(began);
}

double kill_many_after(int count, std::chrono::milliseconds budget) {
  const auto all = fork_side_by_side(count);
  const auto began = clock::now();
  std::this_thread::sleep_for(budget);
  end_all(all, SIGKILL);
  return microseconds_since(began);
}

double packet_there() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) return 0;
  const pid_t pid = ::fork();
  if (pid == 0) {
    char byte;
    while (::read(ends[1], &byte, 1) == 1 && ::write(ends[1], &byte, 1) == 1) {
    }
    ::_exit(0);
  }
  char byte = 'x';
  double took = 0;
  for (int round = 0; round < 20; ++round) {
    const auto began = clock::now();
    if (::write(ends[0], &byte, 1) != 1 || ::read(ends[0], &byte, 1) != 1) break;
    took = microseconds_since(began) / 2;
  }
  end(pid, SIGKILL);
  ::close(ends[0]);
  ::close(ends[1]);
  return took;
}

double cheapest_system_call() {
  constexpr int calls = 100'000;
  const auto began = clock::now();
  for (int round = 0; round < calls; ++round) ::syscall(SYS_getppid);
  return 1000 * microseconds_since(began) / calls;
}

series memory_of_forked(int count) {
  series all;
  const auto pids = fork_side_by_side(count);
  for (const pid_t pid : pids) all.values.push_back(static_cast<double>(private_bytes(pid)) / 1024);
  end_all(pids, SIGKILL);
  return all;
}

double memory_for_each_forked(int fewer, int more) {
  const auto some = fork_side_by_side(fewer);
  const auto before = private_bytes(::getpid());
  const auto others = fork_side_by_side(more - fewer);
  const auto after = private_bytes(::getpid());
  end_all(some, SIGKILL);
  end_all(others, SIGKILL);
  return static_cast<double>(after > before ? after - before : 0) / 1024 / (more - fewer);
}

}  // namespace bench
