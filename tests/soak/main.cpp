// Chaos over a hundred workers: each 50 ms something is killed, stopped, started, frozen, restarted, scaled, or made to
// print. Afterwards everything has to be as it was: descriptors, processes, memory, and the accounts of the queue.
//
//   soak [SECONDS] [SEED]
#include <malloc.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <format>
#include <memory>
#include <random>
#include <thread>

#include "classes.hpp"
#include "control/commands.hpp"
#include "support/processes.hpp"

using namespace std::chrono_literals;
using lineshaft::worker_spec;
using std::chrono::steady_clock;

namespace {

struct standing {
  std::size_t descriptors = 0, children = 0, heap_bytes = 0;
};

standing now_standing() { return {support::open_descriptors(), support::children(), ::mallinfo2().uordblks}; }

// Prints two thousand lines when it is asked to, and always has a child.
const std::vector<std::string> printer{"sh", "-c", "trap 'seq 2000' USR1; while :; do sleep 1000 & wait $!; done"};

lineshaft::pipeline_spec pipeline() {
  lineshaft::start_options how;
  how.restart = {.mode = lineshaft::restart_mode::always, .delay = 10ms, .max_delay = 200ms};
  how.stop_timeout = 500ms;
  lineshaft::pipeline_spec all;
  for (int number = 0; number < 70; ++number)
    all.workers.push_back(lineshaft::worker_of<soak::idler>(std::format("idler{}", number), {}, how));
  for (int number = 0; number < 5; ++number) {
    all.workers.push_back(lineshaft::worker_of<soak::feeder>(std::format("feeder{}", number), {}, how));
    all.workers.push_back(lineshaft::worker_of<soak::eater>(std::format("eater{}", number), {}, how));
  }
  auto prints = how;
  prints.output = {.to = lineshaft::output_to::memory, .when_full = lineshaft::output_overflow::drop};
  for (int number = 0; number < 10; ++number)
    all.workers.push_back(lineshaft::program_of(std::format("printer{}", number), printer, prints));
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
    switch (below(7)) {
      case 0: return signal(one, SIGKILL);
      case 1: return signal(one, SIGSTOP);
      case 2: return signal(one, one.name.starts_with("printer") ? SIGUSR1 : SIGSEGV);
      case 3: manager_.stop_process(one.name, 100ms); return;
      case 4: (void)manager_.restart_worker(one.name); return;
      case 5: (void)manager_.scale("scaled", 1 + static_cast<std::uint32_t>(below(10))); return;
      default: start_all(all);
    }
  }

 private:
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
};

// The last lines of all workers are kept up to a bound that a short life does not reach: filled here, they do not grow.
void fill_recent_lines(lineshaft::process_manager& manager) {
  namespace output = lineshaft::output;
  auto& kept = lineshaft::control::commands(manager).output();
  const auto origin = std::make_shared<const output::line_origin>();
  const std::vector<std::string_view> lines(50, "1000");  // as the printers', whose lines take their places
  for (std::size_t bytes = 0; bytes <= output::recent_lines::most_bytes;
       bytes += lines.size() * sizeof(output::recent_line))
    kept.add(origin, output::stream::out, {}, lines, lines.size());
}

bool fail(const std::string& what) {
  std::fprintf(stderr, "soak: %s\n", what.c_str());
  return false;
}

// One life of the pipeline, to the last record of it.
bool live(lineshaft::process_manager& manager, std::chrono::seconds span, std::uint64_t seed) {
  if (auto started = manager.start_pipeline(pipeline()); !started) return fail(started.error().message());
  chaos strikes(manager, seed);
  std::size_t count = 0;
  auto told = steady_clock::now();
  for (const auto until = told + span; steady_clock::now() < until; ++count) {
    strikes.strike();
    std::this_thread::sleep_for(50ms);
    if (steady_clock::now() - told < 10s) continue;
    told = steady_clock::now();
    std::printf("%6zu strikes, %zu descriptors, %zu bytes of heap\n", count, support::open_descriptors(),
                ::mallinfo2().uordblks);
    std::fflush(stdout);
  }
  manager.stop_all(30s);
  std::uint64_t generations = 0;
  for (const auto& one : manager.get_all_status()) {
    if (one.alive) return fail(one.name + " is alive after the end");
    generations += one.generation;
    if (!manager.forget(one.name)) return fail(one.name + " cannot be forgotten");
  }
  std::printf("%zu strikes, %llu processes\n", count, static_cast<unsigned long long>(generations));
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
  lineshaft::host host(argc, argv, lineshaft::worker_classes<soak::idler, soak::feeder, soak::eater>);
  const auto seconds = std::chrono::seconds(number_in(argc > 1 ? argv[1] : nullptr, 600));
  const auto seed = number_in(argc > 2 ? argv[2] : nullptr, std::random_device{}());
  std::printf("soak for %lld s, seed %llu\n", static_cast<long long>(seconds.count()),
              static_cast<unsigned long long>(seed));
  lineshaft::process_manager manager(host);
  // The first life fills what is kept for good: pools, tables, the queue.
  if (!live(manager, 3s, seed)) return 1;
  fill_recent_lines(manager);
  const auto before = now_standing();
  if (!live(manager, seconds, seed + 1)) return 1;
  const bool well = accounts_balance(manager) && as_before(before, now_standing());
  std::puts(well ? "everything is as it was" : "something is left");
  return well ? 0 : 1;
}
