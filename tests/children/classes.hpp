#pragma once
// One small worker class per behaviour, for the tests with real processes.
#include <dlfcn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <lineshaft/lineshaft.hpp>
#include <optional>
#include <stdexcept>
#include <thread>

namespace children {
namespace asio = boost::asio;

struct no_options {};
BOOST_DESCRIBE_STRUCT(no_options, (), ())

/// What a worker writes for its test to read: a line a fact, appended.
struct report_options {
  std::string file;
};
BOOST_DESCRIBE_STRUCT(report_options, (), (file))

inline void report(const std::string& file, const std::string& line) {
  std::ofstream(file, std::ios::app) << line << std::endl;
}

/// Never ends by itself, and is cancelled at once.
inline asio::awaitable<void> for_ever(asio::any_io_executor executor) {
  asio::steady_timer timer(executor, std::chrono::steady_clock::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
}

template <class Options = no_options>
class child : public lineshaft::worker {
 public:
  using options = Options;
  child(Options given, lineshaft::worker_context& context) : options_(std::move(given)), context_(context) {}
  asio::awaitable<void> start() override { co_return; }

 protected:
  Options options_;
  lineshaft::worker_context& context_;
};

/// start() returns at once; the worker lives on.
class idle : public child<> {
 public:
  static constexpr std::string_view class_name = "idle";
  using child::child;
};

/// start() runs until it is cancelled.
class runs : public child<> {
 public:
  static constexpr std::string_view class_name = "runs";
  using child::child;
  asio::awaitable<void> start() override { co_await for_ever(context_.executor()); }
};

/// Counts as fast as its loop turns, and sets everything that can be set.
class counts : public child<> {
 public:
  static constexpr std::string_view class_name = "counts";
  using child::child;
  asio::awaitable<void> start() override {
    auto& metrics = context_.metrics();
    metrics.mdq_connected.set(true);
    metrics.errors.add(3);
    metrics.add_gauge("depth").set(1.5);
    auto& extra = metrics.add_counter("extra", "one more");
    asio::steady_timer timer(context_.executor());
    while (context_.running()) {
      metrics.processed.add();
      extra.add(2);
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }
};

/// Says what it does: made, started, stopped; and drains for a while, counting.
class reports : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "reports";
  reports(report_options given, lineshaft::worker_context& context) : child(std::move(given), context) {
    report(options_.file, "made");
  }
  asio::awaitable<void> start() override {
    report(options_.file, "started");
    co_await for_ever(context_.executor());
  }
  asio::awaitable<void> stop() override {
    report(options_.file, context_.running() ? "stopped while running" : "stopped");
    context_.metrics().processed.add(1000);
    co_return;
  }
};

struct failure_options {
  std::string where = "start";  // constructor, start, later, stop, handler, start_int
  std::string text = "cannot connect to the moon";
  std::string file;
};
BOOST_DESCRIBE_STRUCT(failure_options, (), (where, text, file))

class fails : public child<failure_options> {
 public:
  static constexpr std::string_view class_name = "fails";
  fails(failure_options given, lineshaft::worker_context& context) : child(std::move(given), context) {
    maybe("constructor");
  }
  asio::awaitable<void> start() override {
    if (options_.where == "start_int") throw 42;
    maybe("start");
    if (options_.where == "handler") asio::post(context_.executor(), [this] { maybe("handler"); });
    if (options_.where == "later") co_await asio::post(context_.executor(), asio::use_awaitable);
    maybe("later");
    if (options_.where == "stop_now") context_.finish();
    co_await for_ever(context_.executor());
  }
  asio::awaitable<void> stop() override {
    if (!options_.file.empty()) report(options_.file, "stopped");
    maybe("stop");
    if (options_.where == "stop_now") throw std::runtime_error(options_.text);
    co_return;
  }

 private:
  void maybe(std::string_view here) const {
    if (options_.where == here) throw std::runtime_error(options_.text);
  }
};

struct death_options {
  std::string how = "segfault";  // exit0, exit3, abort, terminate, overflow, kill
};
BOOST_DESCRIBE_STRUCT(death_options, (), (how))

/// Dies in start() in the way that it is told.
class dies : public child<death_options> {
 public:
  static constexpr std::string_view class_name = "dies";
  using child::child;
  asio::awaitable<void> start() override {
    if (options_.how == "exit0") std::exit(0);
    if (options_.how == "exit3") std::exit(3);
    if (options_.how == "abort") std::abort();
    if (options_.how == "terminate") terminate();
    if (options_.how == "overflow") overflow(0);
    if (options_.how == "kill") ::raise(SIGKILL);
    if (options_.how == "segfault") ::raise(SIGSEGV);
    co_return;
  }

 private:
  static void throw_something() { throw std::runtime_error("nobody catches this"); }
  static void terminate() noexcept { throw_something(); }
  static int overflow(int depth) {
    volatile char page[4096] = {};
    return page[0] != 0 ? depth : overflow(depth + 1) + page[1];  // never true, which the compiler cannot know
  }
};

/// Its loop is stuck in start(), so that it hears nothing.
class hangs : public child<> {
 public:
  static constexpr std::string_view class_name = "hangs";
  using child::child;
  asio::awaitable<void> start() override {
    for (;;) ::pause();
    co_return;
  }
};

/// Its loop waits for the lock of the dynamic loader, and whoever has that waits for the other end of a FIFO.
class hangs_in_the_loader : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "hangs_in_the_loader";
  using child::child;
  asio::awaitable<void> start() override {
    ::mkfifo(options_.file.c_str(), 0600);
    std::thread([file = options_.file] { ::dlopen(file.c_str(), RTLD_NOW); }).detach();
    Dl_info about{};
    while (::dladdr(reinterpret_cast<void*>(&::mkfifo), &about) >= 0) {
    }
    co_return;
  }
};

struct grind_options {
  int cpu_ms = 10;
};
BOOST_DESCRIBE_STRUCT(grind_options, (), (cpu_ms))

/// Each of its handlers takes so much of the processor, and counts one.
class grinds : public child<grind_options> {
 public:
  static constexpr std::string_view class_name = "grinds";
  using child::child;
  asio::awaitable<void> start() override {
    while (context_.running()) {
      co_await asio::post(context_.executor(), asio::use_awaitable);
      const auto until = used() + std::chrono::milliseconds(options_.cpu_ms);
      while (used() < until) {
      }
      context_.metrics().processed.add();
    }
  }

 private:
  static std::chrono::nanoseconds used() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  }
};

struct nap_options {
  int ms = 10;
};
BOOST_DESCRIBE_STRUCT(nap_options, (), (ms))

/// Each of its handlers sleeps so long, and counts one.
class naps : public child<nap_options> {
 public:
  static constexpr std::string_view class_name = "naps";
  using child::child;
  asio::awaitable<void> start() override {
    while (context_.running()) {
      co_await asio::post(context_.executor(), asio::use_awaitable);
      std::this_thread::sleep_for(std::chrono::milliseconds(options_.ms));
      context_.metrics().processed.add();
    }
  }
};

/// Its stop() never ends.
class never_stops : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "never_stops";
  using child::child;
  asio::awaitable<void> stop() override {
    if (!options_.file.empty()) report(options_.file, "stopping");
    co_await for_ever(context_.executor());
  }
};

struct task_options {
  bool fail = false;
};
BOOST_DESCRIBE_STRUCT(task_options, (), (fail))

class task : public child<task_options> {
 public:
  static constexpr std::string_view class_name = "task";
  using child::child;
  asio::awaitable<void> start() override {
    context_.metrics().processed.add(7);
    if (options_.fail) throw std::runtime_error("the task failed");
    co_return;
  }
};

/// Ends by finish(), from a background handler.
class finishes : public child<> {
 public:
  static constexpr std::string_view class_name = "finishes";
  using child::child;
  asio::awaitable<void> start() override {
    asio::post(context_.executor(), [this] { context_.finish(); });
    co_return;
  }
};

/// Ready when a file is there.
class ready_later : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "ready_later";
  using child::child;
  asio::awaitable<void> start() override {
    asio::steady_timer timer(context_.executor());
    while (!std::ifstream(options_.file)) {
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(asio::use_awaitable);
    }
    context_.ready();
  }
};

/// Ready while a file is there, and not when it is not.
class ready_while : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "ready_while";
  using child::child;
  asio::awaitable<void> start() override {
    asio::steady_timer timer(context_.executor());
    for (bool was = false; context_.running();) {
      const bool is = std::ifstream(options_.file).good();
      if (is && !was) context_.ready();
      if (!is && was) context_.unready();
      was = is;
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }
};

/// Starts a program that outlives SIGTERM, in its own process group, and says its pid.
class has_grandchild : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "has_grandchild";
  using child::child;
  asio::awaitable<void> start() override {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::signal(SIGTERM, SIG_IGN);
      for (;;) ::pause();
    }
    report(options_.file, std::to_string(pid));
    co_await for_ever(context_.executor());
  }
};

/// The same in a session of its own, and with nobody between it and the worker.
class forks_a_daemon : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "forks_a_daemon";
  using child::child;
  asio::awaitable<void> start() override {
    const pid_t between = ::fork();
    if (between == 0) {
      if (::fork() != 0) ::_exit(0);
      ::setsid();
      ::signal(SIGTERM, SIG_IGN);
      report(options_.file, std::to_string(::getpid()));
      for (;;) ::pause();
    }
    ::waitpid(between, nullptr, 0);
    co_await for_ever(context_.executor());
  }
};

}  // namespace children
