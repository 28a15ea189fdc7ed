// What starting, stopping and knowing of a worker costs, each beside the kernel's own cost of the same.
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <lineshaft/lineshaft.hpp>

#include "report.hpp"
#include "status/block_writer.hpp"

namespace {

using namespace std::chrono_literals;
using bench::clock;
using bench::series;

struct no_options {};
BOOST_DESCRIBE_STRUCT(no_options, (), ())

double now_microseconds() { return std::chrono::duration<double, std::micro>(clock::now().time_since_epoch()).count(); }

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

double gauge_of(const std::map<std::string, lineshaft::metric_value>& metrics, const char* name) {
  const auto found = metrics.find(name);
  return found == metrics.end() ? 0 : std::get<double>(found->second);
}

std::size_t private_bytes(pid_t pid) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::size_t total = 0;
  for (std::string word; rollup >> word;) {
    std::size_t value = 0;
    if ((word == "Private_Dirty:" || word == "Private_Clean:") && rollup >> value) total += value * 1024;
  }
  return total;
}

/// Of all threads of a process.
std::uint64_t wake_ups(pid_t pid) {
  std::uint64_t sum = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
    std::ifstream status(task.path() / "status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("voluntary_ctxt_switches:")) sum += std::stoull(line.substr(24));
    }
  }
  return sum;
}

/// This process and all its children: the manager, its fork server and its workers.
std::vector<pid_t> everybody() {
  std::vector<pid_t> all{::getpid()};
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream children(task.path() / "children");
    for (pid_t pid = 0; children >> pid;) all.push_back(pid);
  }
  return all;
}

// The kernel's own ----------------------------------------------------------------------------------------

struct shared_time {
  std::atomic<double> at;
};

shared_time& shared() {
  static auto* memory = static_cast<shared_time*>(
      ::mmap(nullptr, sizeof(shared_time), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *memory;
}

/// A child of this very program that says when it runs and then pauses.
pid_t fork_pausing() {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  shared().at = now_microseconds();
  for (;;) ::pause();
}

double wait_for_stamp(double began) {
  while (shared().at.load() < began) ::sched_yield();
  return shared().at.load() - began;
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

// Forked side by side; ready when each has written its byte.
double fork_many(int count, bool stop_them) {
  int ends[2];
  if (::pipe(ends) != 0) return 0;
  std::vector<pid_t> all;
  auto began = clock::now();
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
  double took = bench::microseconds_since(began);
  began = clock::now();
  for (const pid_t pid : all) ::kill(pid, SIGTERM);
  for (const pid_t pid : all) ::waitpid(pid, nullptr, 0);
  if (stop_them) took = bench::microseconds_since(began);
  ::close(ends[0]);
  ::close(ends[1]);
  return took;
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
    took = bench::microseconds_since(began) / 2;
  }
  end(pid, SIGKILL);
  ::close(ends[0]);
  ::close(ends[1]);
  return took;
}

series repeat(int times, const std::function<double()>& once) {
  series all;
  for (int round = 0; round < times; ++round) all.values.push_back(once());
  return all;
}

// Ours ----------------------------------------------------------------------------------------------------

class measured {
 public:
  explicit measured(lineshaft::host& host) : manager_(host) {
    start("warm");
    manager_.stop_process("warm");
  }

  double start_once() {
    const double began = now_microseconds();
    start("a");
    const auto made = gauge_of(manager_.get_status("a").metrics, "made");
    manager_.stop_process("a");
    manager_.forget("a");
    return made - began;
  }

  /// From the start of the first to the last one ready, or from the stop to the last one gone.
  double many(int count, bool stop_them) {
    auto began = clock::now();
    start_side_by_side("stamped", count);
    double took = bench::microseconds_since(began);
    began = clock::now();
    manager_.stop_all(60s);
    if (stop_them) took = bench::microseconds_since(began);
    for (int index = 0; index < count; ++index) manager_.forget(name(index));
    return took;
  }

  double restart_once() {
    start("a", {.restart = {.delay = 0ms}});
    const double began = now_microseconds();
    ::kill(*manager_.get_status("a").pid, SIGKILL);
    double made = 0;
    while ((made = gauge_of(manager_.get_status("a").metrics, "made")) < began) ::sched_yield();
    manager_.stop_process("a");
    manager_.forget("a");
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
    const auto began = clock::now();
    manager_.stop_all(budget);
    return bench::microseconds_since(began);
  }

  double read_status(int times) {
    start("a");
    const auto began = clock::now();
    std::uint64_t sum = 0;
    for (int round = 0; round < times; ++round) sum += manager_.get_status("a").processed;
    const double took = 1000 * bench::microseconds_since(began) / times;
    manager_.stop_process("a");
    return sum == 0 ? took : 0;
  }

  series private_memory(int count) {
    series all;
    for (int index = 0; index < count; ++index) start(name(index));
    for (int index = 0; index < count; ++index) {
      all.values.push_back(static_cast<double>(private_bytes(*manager_.get_status(name(index)).pid)) / 1024);
    }
    manager_.stop_all(60s);
    return all;
  }

  double idle_wake_ups(int count, std::chrono::seconds during) {
    for (int index = 0; index < count; ++index) start(name(index));
    const auto all = everybody();
    std::this_thread::sleep_for(1s);
    const auto total = [&] {
      std::uint64_t sum = 0;
      for (const pid_t pid : all) sum += wake_ups(pid);
      return sum;
    };
    const auto before = total();
    std::this_thread::sleep_for(during);
    const auto woken = total() - before;
    manager_.stop_all(60s);
    // One is this thread's own return from its sleep.
    return static_cast<double>(woken > 0 ? woken - 1 : 0);
  }

 private:
  static std::string name(int index) { return "w" + std::to_string(index); }
  static void need(const lineshaft::result<>& done) {
    if (done) return;
    std::cerr << "bench: " << done.error().message() << '\n';
    std::exit(1);
  }
  void start(const std::string& worker, lineshaft::start_options how = {}) {
    need(manager_.start_worker("stamped", worker, {}, how).transform([](pid_t) {}));
    need(manager_.wait_ready(worker));
  }
  void start_side_by_side(const char* class_name, int count) {
    for (int index = 0; index < count; ++index) {
      need(manager_.start_worker(class_name, name(index)).transform([](pid_t) {}));
    }
    for (int index = 0; index < count; ++index) need(manager_.wait_ready(name(index)));
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

series forked_memory(int count) {
  series all;
  std::vector<pid_t> pids;
  for (int index = 0; index < count; ++index) pids.push_back(fork_pausing());
  std::this_thread::sleep_for(100ms);
  for (const pid_t pid : pids) all.values.push_back(static_cast<double>(private_bytes(pid)) / 1024);
  for (const pid_t pid : pids) end(pid, SIGKILL);
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<stamped, hung>);
  // The kernel's own costs first, while this program has one thread and no manager.
  const auto forked = repeat(200, fork_once);
  const auto killed = repeat(100, kill_and_fork_once);
  const auto forked_100 = repeat(5, [] { return fork_many(100, false); });
  const auto ended_100 = repeat(5, [] { return fork_many(100, true); });
  const auto packet = repeat(20, packet_there);
  const auto memory = forked_memory(20);

  measured ours(host);
  bench::report("worker code running after start_worker", "µs", repeat(200, [&] { return ours.start_once(); }),
                "fork() to first instruction, same program", forked, 1.5);
  const auto started_100 = repeat(5, [&] { return ours.many(100, false); });
  bench::report("100 workers started, all ready", "µs", started_100, "100 × fork() and a byte back", forked_100);
  bench::report("1,000 workers started, all ready", "µs", repeat(1, [&] { return ours.many(1000, false); }),
                "100 workers started", started_100, 11);
  bench::report("kill -9 to the next generation's first line", "µs", repeat(100, [&] { return ours.restart_once(); }),
                "kill, wait, fork", killed);
  bench::report("stop 100 idle workers", "µs", repeat(5, [&] { return ours.many(100, true); }),
                "SIGTERM and wait, 100 times", ended_100);
  bench::report("shutdown request to stop() entered", "µs", repeat(100, [&] { return ours.stop_once(); }),
                "one packet to another process", packet);
  series budget{{2e6}};
  bench::report("stop 40 hung workers, 2 s budget", "µs", repeat(1, [&] { return ours.stop_hung(40, 2s); }),
                "the budget", budget, 1.05);
  series target_read{{250}};
  bench::report("reading one worker's whole status", "ns", repeat(5, [&] { return ours.read_status(200'000); }),
                "250 ns", target_read, 1);
  bench::report("counting one event", "ns", count_events(), "a plain increment in memory", plain_increments(), 2);
  bench::report("private memory of a bare idle worker", "KiB", ours.private_memory(20),
                "a forked child of the same program", memory);
  series none{{0}};
  bench::report("idle wake-ups of manager and 40 workers, 10 s", "",
                repeat(1, [&] { return ours.idle_wake_ups(40, 10s); }), "none", none, 0);
}
