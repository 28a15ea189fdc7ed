#pragma once
// Workers of telemetry_program.cpp that do to their own process what the SDK has to bear.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <thread>

#include "telemetry_workers.hpp"

namespace telemetry_test {

// Whether the child ends, and with 0; one that hangs is killed.
inline bool ends_well(pid_t child) {
  using clock = std::chrono::steady_clock;
  int status = 0;
  for (const auto until = clock::now() + std::chrono::seconds(30); clock::now() < until;) {
    if (::waitpid(child, &status, WNOHANG) == child) return status == 0;
    std::this_thread::yield();
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return false;
}

// When it stops, it forks: children that leave in each way, and many more while another thread asks the API for its
// provider.
class forker : public worker {
 public:
  static constexpr std::string_view class_name = "forker";
  using options = no_options;
  forker(options, worker_context& context) : context_(context) { tracer()->StartSpan("before")->End(); }

  asio::awaitable<void> start() override { co_return; }
  asio::awaitable<void> stop() override {
    std::uint64_t good = 0;
    good += ends_well(fork_and([] { std::exit(0); })) ? 1 : 0;
    good += ends_well(fork_and([] { ::_exit(0); })) ? 1 : 0;
    good += ends_well(fork_and([] { ::execlp("true", "true", nullptr); })) ? 1 : 0;
    context_.metrics().add_counter("left_well").add(good);
    std::atomic<bool> asking = true;
    std::thread asks([&asking] {
      while (asking) (void)otel::trace::Provider::GetTracerProvider();
    });
    for (good = 0; good < 100 && ends_well(fork_and([] { ::_exit(0); }, false)); ++good) continue;
    asking = false;
    asks.join();
    context_.metrics().add_counter("of_a_hundred").add(good);
    tracer()->StartSpan("after")->End();
    co_return;
  }

 private:
  template <class Leave>
  static pid_t fork_and(Leave leave, bool with_a_span = true) {
    const auto child = ::fork();
    if (child != 0) return child;
    child_of_a_fork = true;
    if (with_a_span) {
      const auto span = tracer()->StartSpan("child");
      if (span->IsRecording()) ::_exit(1);
      span->End();
    }
    leave();
    ::_exit(2);
  }

  worker_context& context_;
};

// From the moment at which it stops, the system has no thread more for it.
class threadless : public worker {
 public:
  static constexpr std::string_view class_name = "threadless";
  using options = no_options;
  threadless(options, worker_context&) { tracer()->StartSpan("before")->End(); }

  asio::awaitable<void> start() override { co_return; }
  asio::awaitable<void> stop() override {
    tracer()->StartSpan("after")->End();
    sock_filter refuse[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 1, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    const sock_fprog program = {.len = 5, .filter = refuse};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
      throw std::runtime_error("no filter");
    co_return;
  }
};

}  // namespace telemetry_test
