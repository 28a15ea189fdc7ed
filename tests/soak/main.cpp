// Chaos over a hundred workers: each 50 ms something is killed, stopped, started, frozen, hung, restarted, scaled, or
// made to flood its log, and the disk does not answer for a while. Afterwards everything has to be as it was:
// descriptors, processes, memory, and the accounts of the queue and of what was printed.
//
//   soak [SECONDS] [SEED]
#include <malloc.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <format>
#include <memory>
#include <optional>
#include <random>
#include <thread>

#include "classes.hpp"
#include "control/commands.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "sys/fault.hpp"

using namespace std::chrono_literals;
using lineshaft::worker_spec;
using std::chrono::steady_clock;

namespace {

bool fail(const std::string& what) {
  std::fprintf(stderr, "soak: %s\n", what.c_str());
  return false;
}

void disk_answers(bool answers) {
  if (answers) return lineshaft::sys::clear_injected();
  lineshaft::sys::inject_stall("writev");
}

struct standing {
  std::size_t descriptors = 0, children = 0, heap_bytes = 0;
};

standing now_standing() { return {support::open_descriptors(), support::children(), ::mallinfo2().uordblks}; }

// Files are written, compressed and closed after their workers have gone.
standing settled_standing() {
  auto last = now_standing();
  for (int same = 0; same < 20; ++same) {
    std::this_thread::sleep_for(100ms);
    const auto now = now_standing();
    if (now.descriptors != last.descriptors || now.heap_bytes != last.heap_bytes) same = 0;
    last = now;
  }
  return last;
}

// Prints so many lines when it is asked to, and always has a child.
std::vector<std::string> prints(int lines) {
  return {"sh", "-c", std::format("trap 'seq -f %0100.0f {}' USR1; while :; do sleep 1000 & wait $!; done", lines)};
}

// Three megabytes, more than a pipe and the memory for one file hold.
constexpr int flood = 30'000;

void add_printers(lineshaft::pipeline_spec& all, lineshaft::start_options how) {
  using lineshaft::output_overflow;
  how.output = {.to = lineshaft::output_to::memory, .when_full = output_overflow::drop};
  for (int number = 0; number < 4; ++number)
    all.workers.push_back(lineshaft::program_of(std::format("printer{}", number), prints(2000), how));
  how.output = {.rotate_size = 1 << 20, .rotate_count = 2};
  for (int number = 0; number < 3; ++number) {
    how.output.when_full = output_overflow::drop;
    all.workers.push_back(lineshaft::program_of(std::format("dropper{}", number), prints(flood), how));
    how.output.when_full = output_overflow::block;
    all.workers.push_back(lineshaft::program_of(std::format("blocker{}", number), prints(flood), how));
  }
}

lineshaft::pipeline_spec pipeline() {
  lineshaft::start_options how;
  how.restart = {.mode = lineshaft::restart_mode::always, .delay = 10ms, .max_delay = 200ms};
  how.stop_timeout = 500ms;
  lineshaft::pipeline_spec all;
  for (int number = 0; number < 65; ++number)
    all.workers.push_back(lineshaft::worker_of<soak::idler>(std::format("idler{}", number), {}, how));
  auto watched = how;
  watched.watchdog = {.timeout = 100ms, .ladder = {{SIGABRT, 100ms}}};
  auto eats = how;
  eats.watchdog = {.timeout = 5s, .progress = 20s};
  for (int number = 0; number < 5; ++number) {
    all.workers.push_back(lineshaft::worker_of<soak::feeder>(std::format("feeder{}", number), {}, how));
    all.workers.push_back(lineshaft::worker_of<soak::eater>(std::format("eater{}", number), {}, eats));
    all.workers.push_back(lineshaft::worker_of<soak::hanger>(std::format("hanger{}", number), {}, watched));
  }
  add_printers(all, how);
  auto scaled = lineshaft::worker_of<soak::idler>("scaled", {}, how);
  scaled.replicas = 10;
  all.workers.push_back(std::move(scaled));
  return all;
}

class chaos {
 public:
  chaos(lineshaft::process_manager& manager, std::uint64_t seed) : manager_(manager), random_(seed) {}

  void strike() {
    const auto all = manager_.get_all_status();
    const auto& one = all[below(all.size())];
    switch (below(9)) {
      case 0: return signal(one, SIGKILL);
      case 1: return signal(one, SIGSTOP);
      case 2: return signal(one, SIGSEGV);
      case 3: manager_.stop_process(one.name, 100ms); return;
      case 4: (void)manager_.restart_worker(one.name); return;
      case 5: (void)manager_.scale("scaled", 1 + static_cast<std::uint32_t>(below(10))); return;
      case 6: return disk_answers(disk_answers_ = !disk_answers_);
      case 7: return hang_or_flood(all);
      default: start_all(all);
    }
  }
  ~chaos() { disk_answers(true); }

 private:
  void hang_or_flood(std::vector<lineshaft::worker_status> all) {
    std::erase_if(all, [](const auto& one) {
      return std::ranges::none_of(std::array{"printer", "dropper", "blocker", "hanger"},
                                  [&](const char* kind) { return one.name.starts_with(kind); });
    });
    signal(all[below(all.size())], SIGUSR1);
  }
  std::uint64_t below(std::uint64_t count) { return random_() % count; }
  // Ours, and not reaped while the status says that it lives, give or take the moment of this call.
  void signal(const lineshaft::worker_status& one, int signal) {
    if (one.pid) ::kill(*one.pid, signal);
  }
  void start_all(const std::vector<lineshaft::worker_status>& all) {
    for (const auto& one : all)
      if (one.state == lineshaft::worker_state::stopped) (void)manager_.restart_worker(one.name);
  }

  lineshaft::process_manager& manager_;
  std::mt19937_64 random_;
  bool disk_answers_ = true;
};

// What was done by the end of one life of the pipeline.
struct deeds {
  std::uint64_t generations = 0, hangs_ended = 0, lines = 0, lost_lines = 0;

  void add(const lineshaft::worker_status& one) {
    generations += one.generation;
    hangs_ended += one.restarts_by.watchdog;
    lines += one.output.lines;
    lost_lines += one.output.lost_lines;
  }
};

// What is declared to block loses nothing, and what one loses was there.
bool output_balances(const lineshaft::worker_status& one) {
  const auto& out = one.output;
  if (!out.error.empty()) return fail(one.name + ": " + out.error);
  if (out.lost_lines > out.lines || (one.name.starts_with("blocker") && out.lost_lines > 0))
    return fail(std::format("{} has lost {} of {} lines", one.name, out.lost_lines, out.lines));
  return true;
}

// To the last record of everybody.
std::optional<deeds> stop_and_forget(lineshaft::process_manager& manager) {
  const auto failed = [](const std::string& what) {
    (void)fail(what);
    return std::nullopt;
  };
  manager.stop_all(10s);
  deeds all;
  for (const auto& one : manager.get_all_status()) {
    if (one.alive) return failed(one.name + " is alive after the end");
    all.add(one);
    if (!output_balances(one)) return std::nullopt;
    if (!manager.forget(one.name)) return failed(one.name + " cannot be forgotten");
  }
  return all;
}

// Not before its shell obeys.
void flood_by(lineshaft::process_manager& manager, const std::string& name) {
  (void)support::eventually([&] {
    const auto now = manager.get_status(name);
    if (now.output.lines > 0) return true;
    if (now.pid) ::kill(*now.pid, SIGUSR1);
    std::this_thread::sleep_for(50ms);
    return false;
  });
}

// All that there is for a flood, which a short life need not see.
bool flood_once(lineshaft::process_manager& manager) {
  const auto all_have = [&](std::string_view kind, auto has) {
    return support::eventually([&] {
      return std::ranges::all_of(manager.get_all_status(),
                                 [&](const auto& one) { return !one.name.starts_with(kind) || has(one.output); });
    });
  };
  if (auto started = manager.start_pipeline(pipeline()); !started) return fail(started.error().message());
  disk_answers(false);
  for (const auto& one : manager.get_all_status())
    if (one.name.starts_with("dropper") || one.name.starts_with("blocker")) flood_by(manager, one.name);
  const bool dropped = all_have("dropper", [](const auto& output) { return output.lost_lines > 0; });
  disk_answers(true);
  const bool written = all_have("blocker", [](const auto& output) { return output.lines >= flood; });
  if (!dropped || !written) return fail("nothing can be flooded");
  return stop_and_forget(manager).has_value();
}

// The last lines of all workers are kept up to a bound that a short life does not reach: filled here, they do not grow.
void fill_recent_lines(lineshaft::process_manager& manager) {
  namespace output = lineshaft::output;
  auto& kept = lineshaft::control::commands(manager).output();
  const auto origin = std::make_shared<const output::line_origin>();
  const std::string line(100, '0');  // as the printers', whose lines take their places
  const std::vector<std::string_view> lines(50, line);
  for (std::size_t bytes = 0; bytes <= output::recent_lines::most_bytes;
       bytes += lines.size() * (line.size() + sizeof(output::recent_line)))
    kept.add(origin, output::stream::out, {}, lines, lines.size());
}

// One life of the pipeline.
bool live(lineshaft::process_manager& manager, std::chrono::seconds span, std::uint64_t seed) {
  if (auto started = manager.start_pipeline(pipeline()); !started) return fail(started.error().message());
  auto strikes = std::make_unique<chaos>(manager, seed);
  std::size_t count = 0;
  auto told = steady_clock::now();
  for (const auto until = told + span; steady_clock::now() < until; ++count) {
    strikes->strike();
    std::this_thread::sleep_for(50ms);
    if (steady_clock::now() - told < 10s) continue;
    told = steady_clock::now();
    std::printf("%6zu strikes, %zu descriptors, %zu bytes of heap\n", count, support::open_descriptors(),
                ::mallinfo2().uordblks);
    std::fflush(stdout);
  }
  strikes.reset();
  const auto done = stop_and_forget(manager);
  if (!done) return false;
  std::puts(std::format("{} strikes, {} processes, {} hangs ended, {} lines printed, {} of them dropped", count,
                        done->generations, done->hangs_ended, done->lines, done->lost_lines)
                .c_str());
  // In so many strikes it has happened, whatever the seed.
  if (count > 500 && (done->hangs_ended == 0 || done->lost_lines == 0))
    return fail("nothing has hung, or nothing was dropped");
  return true;
}

bool accounts_balance(const lineshaft::process_manager& manager) {
  for (const auto& queue : manager.get_queues()) {
    std::printf("queue %s: sent %llu = done %llu + lost %llu + waiting %llu\n", queue.name.c_str(),
                static_cast<unsigned long long>(queue.sent), static_cast<unsigned long long>(queue.done),
                static_cast<unsigned long long>(queue.lost), static_cast<unsigned long long>(queue.depth));
    if (queue.sent == 0) return fail("nothing was sent");
    if (queue.sent != queue.done + queue.lost + queue.depth) return fail("the accounts do not balance");
  }
  return true;
}

bool as_before(const standing& before, const standing& after) {
  constexpr std::size_t heap_tolerance = 256 * 1024;
  std::printf("%zu descriptors, %zu children, %zu bytes of heap; before: %zu, %zu, %zu\n", after.descriptors,
              after.children, after.heap_bytes, before.descriptors, before.children, before.heap_bytes);
  if (after.descriptors != before.descriptors)
    return fail(std::format("{} descriptors, and {} before", after.descriptors, before.descriptors));
  if (after.children != before.children)
    return fail(std::format("{} children, and {} before", after.children, before.children));
  if (after.heap_bytes > before.heap_bytes + heap_tolerance)
    return fail(std::format("{} bytes of heap, and {} before", after.heap_bytes, before.heap_bytes));
  return true;
}

std::uint64_t number_in(const char* text, std::uint64_t otherwise) {
  if (text == nullptr) return otherwise;
  const std::string_view all = text;
  std::uint64_t number = 0;
  const auto [end, ec] = std::from_chars(all.data(), all.data() + all.size(), number);
  return ec == std::errc() && end == all.data() + all.size() ? number : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<soak::idler, soak::hanger, soak::feeder, soak::eater>);
  const auto seconds = std::chrono::seconds(number_in(argc > 1 ? argv[1] : nullptr, 600));
  const auto seed = number_in(argc > 2 ? argv[2] : nullptr, std::random_device{}());
  std::printf("soak for %lld s, seed %llu\n", static_cast<long long>(seconds.count()),
              static_cast<unsigned long long>(seed));
  const support::temporary_folder logs;
  lineshaft::process_manager manager(host, {.log_dir = logs / "logs"});
  // The first life fills what is kept for good: pools, tables, the queue.
  if (!live(manager, 3s, seed) || !flood_once(manager)) return 1;
  fill_recent_lines(manager);
  const auto before = settled_standing();
  if (!live(manager, seconds, seed + 1)) return 1;
  const bool well = accounts_balance(manager) && as_before(before, settled_standing());
  std::puts(well ? "everything is as it was" : "something is left");
  return well ? 0 : 1;
}
