#pragma once
// A worker class that writes down what its process was given and whether a clone is whole.
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

#include <thread>

#include "children/classes.hpp"
#include "lineshaft/trace_context.hpp"

namespace children {

/// Writes its environment down, a variable a line.
class shows_environment : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "shows_environment";
  using child::child;
  asio::awaitable<void> start() override {
    for (char** entry = environ; *entry != nullptr; ++entry) report(options_.file, *entry);
    context_.ready();
    co_return;
  }
};

class looks : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "looks";
  looks(report_options given, lineshaft::worker_context& context) : child(std::move(given), context) {
    say("context in constructor", lineshaft::current_trace_context().traceparent);
  }

  asio::awaitable<void> start() override {
    for (const char* name :
         {"TRACEPARENT", "TRACESTATE", "BAGGAGE", "LINESHAFT_WORKER", "LINESHAFT_GENERATION", "EXTRA"}) {
      const char* value = std::getenv(name);
      say(name, value == nullptr ? "(none)" : value);
    }
    say("context in start", lineshaft::current_trace_context().traceparent);
    say("descriptors", descriptors());
    say("group", ::getpgrp() == ::getpid() ? "own" : "other");
    say("signals", signals());
    say("thread", thread_works() ? "whole" : "broken");
    say("raise", raise_reaches_this_process() ? "whole" : "broken");
    say("affinity", affinity_is_own() ? "whole" : "broken");
    say("robust mutex", robust_mutex_works() ? "whole" : "broken");
    say("fork", fork_works() ? "whole" : "broken");
    say("end", "of report");
    co_return;
  }
  asio::awaitable<void> stop() override {
    say("context in stop", lineshaft::current_trace_context().traceparent);
    co_return;
  }

 private:
  void say(const std::string& what, const std::string& value) { report(options_.file, what + "=" + value); }

  // Those of the standard three and of what the library itself has opened are named by what they are.
  static std::string descriptors() {
    std::string all;
    DIR* folder = ::opendir("/proc/self/fd");
    while (const auto* entry = ::readdir(folder)) {
      char target[256] = {};
      if (::readlinkat(::dirfd(folder), entry->d_name, target, sizeof target - 1) < 0) continue;
      const std::string kind(target);
      if (std::atoi(entry->d_name) == ::dirfd(folder)) continue;
      all += (all.empty() ? "" : " ") + std::string(entry->d_name) + ":" + kind.substr(0, kind.find('['));
    }
    ::closedir(folder);
    return all;
  }

  static std::string signals() {
    sigset_t blocked;
    ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
    for (int signal = 1; signal < NSIG; ++signal) {
      if (::sigismember(&blocked, signal) == 1) return "blocked " + std::to_string(signal);
      struct sigaction now{};
      if (::sigaction(signal, nullptr, &now) != 0 || signal == SIGPIPE) continue;
      if (now.sa_handler == SIG_IGN) return "ignored " + std::to_string(signal);
    }
    return "clean";
  }

  static bool thread_works() {
    int value = 0;
    std::thread([&] { value = 1; }).join();
    return value == 1;
  }

  static inline volatile sig_atomic_t got_signal = 0;
  static bool raise_reaches_this_process() {
    ::signal(SIGUSR1, [](int) { got_signal = 1; });
    ::raise(SIGUSR1);
    ::signal(SIGUSR1, SIG_DFL);
    return got_signal == 1;
  }

  // With glibc's cached thread id wrong, this would change the fork server's mask.
  static bool affinity_is_own() {
    cpu_set_t before, one, after;
    ::sched_getaffinity(0, sizeof before, &before);
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &before)) continue;
      CPU_SET(cpu, &one);
      break;
    }
    if (::pthread_setaffinity_np(::pthread_self(), sizeof one, &one) != 0) return false;
    ::sched_getaffinity(0, sizeof after, &after);
    const bool own = CPU_EQUAL(&one, &after);
    ::sched_setaffinity(0, sizeof before, &before);
    return own;
  }

  // The owner dies holding it: the kernel walks the robust list of its thread.
  static bool robust_mutex_works() {
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_t mutex;
    ::pthread_mutex_init(&mutex, &attributes);
    std::thread([&] { ::pthread_mutex_lock(&mutex); }).join();
    const bool died = ::pthread_mutex_lock(&mutex) == EOWNERDEAD;
    if (died) ::pthread_mutex_consistent(&mutex);
    ::pthread_mutex_unlock(&mutex);
    return died;
  }

  static bool fork_works() {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(thread_works() && ::getpid() != ::getppid() ? 5 : 6);
    int status = 0;
    return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 5;
  }
};

}  // namespace children
