// What starting, stopping and knowing of a worker costs, each beside the kernel's own cost of the same.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <lineshaft/lineshaft.hpp>

#include "kernel.hpp"
#include "no_options.hpp"
#include "no_system_call.hpp"
#include "proc.hpp"
#include "status/block_writer.hpp"

namespace {

using namespace std::chrono_literals;
using bench::at_most;
using bench::at_most_times;
using bench::clock;
using bench::no_options;
using bench::now_microseconds;
using bench::repeat;
using bench::series;

/// Says when its constructor and its stop() ran.
class stamped : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "stamped";
  using options = no_options;
  stamped(no_options, lineshaft::worker_context& context) : context_(context) {
    context_.metrics().add_gauge("made").set(now_microseconds());
  }
  boost::asio::awaitable<void> start() override { co_return; }
  boost::asio::awaitable<void> stop() override {
    context_.metrics().add_gauge("stopping").set(now_microseconds());
    co_return;
  }

 private:
  lineshaft::worker_context& context_;
};

class hung : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "hung";
  using options = no_options;
  hung(no_options, lineshaft::worker_context&) {}
  boost::asio::awaitable<void> start() override {
    for (;;) ::pause();
    co_return;
  }
};

constexpr int tree_size = 20;

/// Leaves as many daemons behind, in sessions of their own, that ignore what they are asked.
class leaves_a_tree : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "leaves_a_tree";
  using options = no_options;
  leaves_a_tree(no_options, lineshaft::worker_context& context) : context_(context) {}
  boost::asio::awaitable<void> start() override {
    for (int index = 0; index < tree_size; ++index) {
      const pid_t between = ::fork();
      if (between == 0) {
        if (::setsid() < 0 || ::fork() != 0) ::_exit(0);
        std::signal(SIGTERM, SIG_IGN);
        for (;;) ::pause();
      }
      ::waitpid(between, nullptr, 0);
    }
    context_.ready();
    co_return;
  }

 private:
  lineshaft::worker_context& context_;
};

double gauge_of(const std::map<std::string, lineshaft::metric_value>& metrics, const char* name) {
  const auto found = metrics.find(name);
  return found == metrics.end() ? 0 : std::get<double>(found->second);
}

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "bench: " << why << '\n';
  std::exit(1);
}

class measured {
 public:
  explicit measured(lineshaft::host& host) : manager_(host) {
    start("warm");
    stop_and_forget("warm");
  }

  double start_once() {
    const double began = now_microseconds();
    start("a");
    const auto made = gauge_of(manager_.get_status("a").metrics, "made");
    stop_and_forget("a");
    return made - began;
  }

  /// Until the program is there.
  double start_program() {
    const auto began = clock::now();
    need(manager_.start_command("a", {"sleep", "1000"}).transform([](pid_t) {}));
    const double took = bench::microseconds_since(began);
    stop_and_forget("a");
    return took;
  }

  /// Until all are ready.
  double start_many(int count) {
    const auto began = clock::now();
    start_side_by_side("stamped", count);
    const double took = bench::microseconds_since(began);
    stop_and_forget_all(count);
    return took;
  }

  /// Until all are gone.
  double stop_many(int count) {
    start_side_by_side("stamped", count);
    return stop_and_forget_all(count);
  }

  double restart_once() {
    start("a", {.restart = {.delay = 0ms}});
    const double began = now_microseconds();
    ::kill(*manager_.get_status("a").pid, SIGKILL);
    double made = 0;
    while ((made = gauge_of(manager_.get_status("a").metrics, "made")) < began) std::this_thread::sleep_for(50us);
    stop_and_forget("a");
    return made - began;
  }

  double stop_once() {
    start("a");
    const double began = now_microseconds();
    const auto outcome = manager_.stop_process("a");
    manager_.forget("a");
    return gauge_of(outcome.exit->figures.metrics, "stopping") - began;
  }

  double stop_hung(int count, std::chrono::milliseconds budget) {
    start_side_by_side("hung", count);
    return stop_and_forget_all(count, budget);
  }

  /// Until nobody of it is left.
  double stop_tree() {
    need(manager_.start_worker("leaves_a_tree", "a", {}, {.ready = lineshaft::ready_when::notify}).transform([](pid_t) {
    }));
    need(manager_.wait_ready("a"));
    const auto began = clock::now();
    manager_.stop_process("a");
    const double took = bench::microseconds_since(began);
    manager_.forget("a");
    return took;
  }

  double read_status(int times) {
    start("a");
    const auto began = clock::now();
    std::uint64_t sum = 0;
    for (int round = 0; round < times; ++round) sum += manager_.get_status("a").processed;
    const double took = 1000 * bench::microseconds_since(began) / times;
    stop_and_forget("a");
    return sum == 0 ? took : 0;
  }

  /// System calls of 1,000 readings: 0, or 1 for "at least one".
  double system_calls_of_reading() {
    start("a");
    const bool none = bench::makes_no_system_call([&] {
      for (int round = 0; round < 1000; ++round) (void)manager_.get_status("a");
    });
    stop_and_forget("a");
    return none ? 0 : 1;
  }

  series private_memory(int count) {
    series all;
    start_side_by_side("stamped", count);
    for (int index = 0; index < count; ++index) {
      all.values.push_back(static_cast<double>(bench::private_bytes(*manager_.get_status(name(index)).pid)) / 1024);
    }
    stop_and_forget_all(count);
    return all;
  }

  /// KiB of this process and of its fork server, while there are so many workers.
  double own_memory(int count) {
    start_side_by_side("stamped", count);
    auto total = bench::private_bytes(::getpid());
    const auto fork_server = bench::children_named("lineshaft-forks");
    if (fork_server.size() != 1) give_up("which of the children is the fork server?");
    total += bench::private_bytes(fork_server.front());
    stop_and_forget_all(count);
    return static_cast<double>(total) / 1024;
  }

  struct idle_counts {
    double ours, beside;
  };
  /// Of this process, its fork server and `count` workers, each with a watchdog; and of as many children that pause.
  idle_counts idle_wake_ups(int count, std::chrono::seconds during, const std::vector<pid_t>& pausing) {
    start_side_by_side("stamped", count, {.watchdog = lineshaft::watchdog_options{.timeout = 1s, .progress = 1s}});
    auto ours = bench::children();
    std::erase_if(ours, [&](pid_t pid) { return std::ranges::contains(pausing, pid); });
    ours.push_back(::getpid());
    std::this_thread::sleep_for(1s);
    const auto total = [](const std::vector<pid_t>& of) {
      std::uint64_t sum = 0;
      for (const pid_t pid : of) sum += bench::wake_ups(pid);
      return static_cast<double>(sum);
    };
    const auto before = total(ours), before_beside = total(pausing);
    std::this_thread::sleep_for(during);
    // One is this thread's own return from its sleep.
    const idle_counts counts{std::max(total(ours) - before - 1, 0.0), total(pausing) - before_beside};
    stop_and_forget_all(count);
    return counts;
  }

 private:
  static std::string name(int index) { return "w" + std::to_string(index); }
  static void need(const lineshaft::result<>& done) {
    if (!done) give_up(done.error().message());
  }
  void start(const std::string& worker, lineshaft::start_options how = {}) {
    need(manager_.start_worker("stamped", worker, {}, how).transform([](pid_t) {}));
    need(manager_.wait_ready(worker));
  }
  void start_side_by_side(const char* class_name, int count, const lineshaft::start_options& how = {}) {
    for (int index = 0; index < count; ++index) {
      need(manager_.start_worker(class_name, name(index), {}, how).transform([](pid_t) {}));
    }
    for (int index = 0; index < count; ++index) need(manager_.wait_ready(name(index)));
  }
  void stop_and_forget(const std::string& worker) {
    manager_.stop_process(worker);
    manager_.forget(worker);
  }
  double stop_and_forget_all(int count, std::chrono::milliseconds budget = 60s) {
    const auto began = clock::now();
    manager_.stop_all(budget);
    const double took = bench::microseconds_since(began);
    for (int index = 0; index < count; ++index) manager_.forget(name(index));
    return took;
  }

  lineshaft::process_manager manager_;
};

/// Nanoseconds for each of `times` calls.
template <class Once>
double each(int times, Once once) {
  const auto began = clock::now();
  for (int round = 0; round < times; ++round) once();
  return 1000 * bench::microseconds_since(began) / times;
}

series count_events() {
  alignas(64) static std::byte memory[16384];
  static lineshaft::status::block_writer block(memory);
  static lineshaft::worker_metrics metrics(block);
  return repeat(20, [] { return each(1'000'000, [] { metrics.processed.add(); }); });
}

// Kept in memory, as a counter that anyone reads has to be.
series plain_increments() {
  static volatile std::uint64_t plain = 0;
  return repeat(20, [] { return each(1'000'000, [] { plain = plain + 1; }); });
}

// A check that lets everything through would be none.
void try_the_check() {
  if (!bench::makes_no_system_call([] {}) || bench::makes_no_system_call([] { ::getppid(); }))
    give_up("the check for system calls does not work here");
}

struct pair_of_series {
  series ours, kernels;
};

/// Ours and the kernel's in turns.
template <class Once>
pair_of_series in_turns(int times, bench::kernel_side& kernel, double (*of_kernel)(), Once once) {
  pair_of_series all;
  for (int round = 0; round < times; ++round) {
    all.kernels.values.push_back(kernel.run(of_kernel));
    all.ours.values.push_back(once());
  }
  return all;
}

void report_starts(measured& ours, bench::kernel_side& kernel) {
  series empty;
  const auto one = in_turns(200, kernel, bench::fork_once, [&] {
    if (empty.values.size() < 200) std::ranges::copy(bench::fork_empty_program(), std::back_inserter(empty.values));
    return ours.start_once();
  });
  if (empty.values.empty()) give_up("bench_empty is not beside this program");
  const auto* const row = "worker code running after start_worker";
  bench::report(row, "µs", one.ours, "fork() to first instruction, same program", one.kernels, at_most_times(1.5));
  bench::report(row, "µs", one.ours, "fork() to first instruction, empty program", empty, at_most_times(4));
  const auto hundred = in_turns(7, kernel, [] { return bench::fork_many(100); }, [&] { return ours.start_many(100); });
  bench::report("100 workers started, all ready", "µs", hundred.ours, "100 × fork() and a byte back", hundred.kernels);
  const auto thousand =
      in_turns(3, kernel, [] { return bench::fork_many(1000); }, [&] { return ours.start_many(1000); });
  const auto* const thousand_row = "1,000 workers started, all ready";
  bench::report(thousand_row, "µs", thousand.ours, "1,000 × fork() and a byte back", thousand.kernels);
  bench::report(thousand_row, "µs", thousand.ours, "100 workers started", hundred.ours, at_most_times(11));
}

// What fork() would have to copy the page tables of.
void report_starts_of_a_large_manager(measured& ours) {
  constexpr std::size_t gibibyte = 1 << 30;
  struct {
    series classes, programs, forks;
  } small, large;
  const auto measure = [&](auto& into) {
    for (int round = 0; round < 25; ++round) {
      into.classes.values.push_back(ours.start_once());
      into.programs.values.push_back(ours.start_program());
    }
    // Not in between: each leaves its copies to be made by the next who writes.
    for (int round = 0; round < 5; ++round) into.forks.values.push_back(bench::fork_once());
  };
  for (int turn = 0; turn < 4; ++turn) {
    measure(small);
    std::vector<std::byte> ballast(gibibyte, std::byte{1});
    // Kept, and every page of it there.
    if (ballast[turn * std::size_t{4096}] != std::byte{1}) give_up("there is no such memory");
    measure(large);
  }
  const auto* const beside = "the same, and the manager is small";
  bench::report("worker code running, manager of 1 GiB", "µs", large.classes, beside, small.classes,
                at_most_times(1.25));
  bench::report("program started, manager of 1 GiB", "µs", large.programs, beside, small.programs, at_most_times(1.25));
  bench::report("fork() to first instruction, program of 1 GiB", "µs", large.forks,
                "the same, and the program is small", small.forks);
}

void report_ends(measured& ours, bench::kernel_side& kernel) {
  const auto killed = in_turns(200, kernel, bench::kill_and_fork_once, [&] { return ours.restart_once(); });
  bench::report("kill -9 to the next generation's first line", "µs", killed.ours, "kill, wait, fork", killed.kernels);
  bench::report("the same, its p99", "µs", {{killed.ours.at(0.99)}}, "its median", {{killed.ours.median()}},
                at_most_times(2));
  const auto hundred = in_turns(7, kernel, [] { return bench::end_many(100); }, [&] { return ours.stop_many(100); });
  bench::report("stop 100 idle workers", "µs", hundred.ours, "SIGTERM and wait, 100 times", hundred.kernels);
  const auto thousand = in_turns(3, kernel, [] { return bench::end_many(1000); }, [&] { return ours.stop_many(1000); });
  bench::report("stop 1,000 idle workers", "µs", thousand.ours, "SIGTERM and wait, 1,000 times", thousand.kernels);
  bench::report("stop 1,000 idle workers", "µs", thousand.ours, "stop 100 idle workers", hundred.ours,
                at_most_times(11));
  const auto tree =
      in_turns(20, kernel, [] { return bench::kill_many_after(tree_size, 0s); }, [&] { return ours.stop_tree(); });
  bench::report("stop a worker that left 20 daemons", "µs", tree.ours, "SIGKILL and wait, 20 times", tree.kernels);
  const auto one = in_turns(100, kernel, bench::packet_there, [&] { return ours.stop_once(); });
  bench::report("shutdown request to stop() entered", "µs", one.ours, "one packet to another process", one.kernels,
                at_most(500));
  const auto hung =
      in_turns(1, kernel, [] { return bench::kill_many_after(40, 2s); }, [&] { return ours.stop_hung(40, 2s); });
  bench::report("stop 40 hung workers, 2 s budget", "µs", hung.ours, "2 s, SIGKILL and wait, 40 times", hung.kernels,
                at_most(2.1e6));
}

void report_status(measured& ours, bench::kernel_side& kernel) {
  const auto read = in_turns(9, kernel, bench::cheapest_system_call, [&] { return ours.read_status(200'000); });
  bench::report("reading one worker's whole status", "ns", read.ours, "the cheapest system call", read.kernels,
                at_most(250));
  try_the_check();
  bench::report("system calls in reading 1,000 statuses (1: some)", "", {{ours.system_calls_of_reading()}},
                "in reading nothing", {{0}}, at_most(0));
  bench::report("counting one event", "ns", count_events(), "a plain increment in memory", plain_increments(),
                at_most(2));
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<stamped, hung, leaves_a_tree>);
  bench::kernel_side kernel;
  const auto memory = bench::memory_of_forked(20);
  const series memory_for_each{{bench::memory_for_each_forked(100, 1000)}};
  const series own_memory{{static_cast<double>(bench::private_bytes(::getpid())) / 1024}};
  std::vector<pid_t> pausing;
  for (int index = 0; index < 40; ++index) pausing.push_back(bench::fork_pausing());

  measured ours(host);
  // Before anything else has made the heap grow.
  const auto with_100 = ours.own_memory(100);
  const auto with_1000 = ours.own_memory(1000);
  report_starts(ours, kernel);
  report_starts_of_a_large_manager(ours);
  report_ends(ours, kernel);
  report_status(ours, kernel);
  bench::report("private memory of a bare idle worker", "KiB", ours.private_memory(20),
                "a forked child of the same program", memory, at_most(100'000.0 / 1024));
  bench::report("private memory of manager and fork server, 100 workers", "KiB", {{with_100}},
                "this program before it had a manager", own_memory);
  bench::report("private memory of manager and fork server, 1,000 workers", "KiB", {{with_1000}},
                "this program before it had a manager", own_memory);
  bench::report("the same for each worker more", "KiB", {{(with_1000 - with_100) / 900}},
                "a program that forks as many and keeps their pids", memory_for_each, at_most(8'000.0 / 1024));
  const auto idle = ours.idle_wake_ups(40, 10s, pausing);
  bench::report("idle wake-ups of manager and 40 watched workers, 10 s", "", {{idle.ours}},
                "40 forked children that pause", {{idle.beside}}, at_most(0));
  for (const pid_t pid : pausing) bench::end(pid, SIGKILL);
}
