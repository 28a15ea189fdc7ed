#include "supervisor/manager_metrics.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "status/block_reader.hpp"
#include "supervisor/counter_totals.hpp"
#include "supervisor/per_collection.hpp"
#include "sys/vitals.hpp"
#include "telemetry/instruments.hpp"

namespace lineshaft::supervisor {

namespace {

using telemetry::instrument;
using telemetry::observed;
using readings = std::vector<telemetry::reading>;

// Of all managers in this process. Never destroyed: the SDK's threads may outlive main().
struct exported {
  std::mutex mutex;
  std::vector<std::shared_ptr<exported_manager>> managers;
  std::set<std::string> declared;
};

exported& all_exported() {
  static auto& one = *new exported;
  return one;
}

std::vector<std::shared_ptr<exported_manager>> managers() {
  const std::scoped_lock lock(all_exported().mutex);
  return all_exported().managers;
}

struct worker_reading {
  std::string name;
  worker_state state;
  bool alive;
  worker_figures totals;
  std::optional<std::uint64_t> resident_bytes;  // of the living process
  std::chrono::microseconds user_time, system_time;
};
using fleet = std::vector<worker_reading>;

worker_figures totals_of(const worker_view& view) {
  const auto now = view.block ? status::read_figures(view.block->bytes()) : worker_figures();
  return view.past ? in_all(*view.past, now) : now;
}

worker_reading read_worker(const worker_view& view) {
  const auto now = view.known.pid ? std::optional(sys::vitals_of(*view.known.pid)) : std::nullopt;
  // Of a process that ends meanwhile there is nothing.
  const bool seen = now && now->resident_bytes > 0;
  return {.name = view.known.name,
          .state = view.known.state,
          .alive = view.known.alive,
          .totals = totals_of(view),
          .resident_bytes = seen ? std::optional(now->resident_bytes) : std::nullopt,
          .user_time = view.past_times.user + (seen ? now->user_time : std::chrono::microseconds()),
          .system_time = view.past_times.system + (seen ? now->system_time : std::chrono::microseconds())};
}

fleet read_fleet() {
  fleet all;
  for (const auto& manager : managers()) {
    for (const auto& view : manager->workers()) all.push_back(read_worker(*view));
  }
  return all;
}

// As in the others: never destroyed.
per_collection<fleet>& collected() {
  static auto& one = *new per_collection<fleet>(read_fleet);
  return one;
}

readings states(const fleet& workers) {
  using enum worker_state;
  std::map<worker_state, double> counts;
  for (const auto state : {stopped, starting, running, stopping, backoff, completed, failed}) counts[state] = 0;
  for (const auto& worker : workers) ++counts[worker.state];
  readings all;
  for (const auto& [state, count] : counts)
    all.push_back({{{"lineshaft.worker.state", std::string(to_string(state))}}, count});
  return all;
}

template <class Value>
readings of_each(const fleet& workers, Value value) {
  readings all;
  for (const auto& worker : workers) {
    if (const auto found = value(worker))
      all.push_back({{{"lineshaft.worker.name", worker.name}}, static_cast<double>(*found)});
  }
  return all;
}

// One instrument more that is read from the same fleet.
std::function<readings()> from_fleet(std::function<readings(const fleet&)> read) {
  auto instrument = std::make_shared<const std::function<readings(const fleet&)>>(std::move(read));
  return [instrument] { return (*instrument)(*collected().value_for(instrument.get())); };
}

template <auto Member>
std::function<readings()> figure() {
  return from_fleet([](const fleet& workers) {
    return of_each(workers, [](const worker_reading& worker) { return std::optional(worker.totals.*Member); });
  });
}

std::optional<double> declared_value(const worker_figures& figures, const std::string& name) {
  const auto found = figures.metrics.find(name);
  if (found == figures.metrics.end()) return std::nullopt;
  return std::visit([](auto value) { return static_cast<double>(value); }, found->second);
}

// One reading of each held queue.
template <class Read>
readings of_queues(Read read) {
  readings all;
  for (const auto& manager : managers()) {
    for (const auto& queue : manager->queues()) all.push_back(read(queue));
  }
  return all;
}

readings depths() {
  return of_queues([](const queue_status& queue) {
    return telemetry::reading{{{"lineshaft.queue.name", queue.name}}, static_cast<double>(queue.depth)};
  });
}

telemetry::reading messages(const queue_status& queue, const char* operation, std::uint64_t count) {
  return {{{"messaging.system", "lineshaft"},
           {"messaging.operation.name", operation},
           {"messaging.destination.name", queue.name}},
          static_cast<double>(count)};
}

readings sent_messages() {
  return of_queues([](const queue_status& queue) { return messages(queue, "send", queue.sent); });
}

readings consumed_messages() {
  return of_queues(
      [](const queue_status& queue) { return messages(queue, "receive", queue.done + queue.in_flight + queue.lost); });
}

readings cpu_times(const fleet& workers) {
  readings all;
  for (const auto& worker : workers) {
    for (const auto& [mode, time] : {std::pair("user", worker.user_time), std::pair("system", worker.system_time)})
      all.push_back(
          {{{"lineshaft.worker.name", worker.name}, {"cpu.mode", mode}}, std::chrono::duration<double>(time).count()});
  }
  return all;
}

readings memory_usage(const fleet& workers) {
  return of_each(workers, [](const worker_reading& worker) { return worker.resident_bytes; });
}

readings alive(const fleet& workers) {
  return of_each(workers, [](const worker_reading& worker) { return std::optional(worker.alive); });
}

readings dropped_events() {
  double sum = 0;
  for (const auto& manager : managers()) sum += static_cast<double>(manager->events_dropped());
  return {{{}, sum}};
}

readings lag() {
  std::optional<double> longest;
  for (const auto& manager : managers()) longest = std::max(longest, manager->loop_lag());
  return longest ? readings{{{}, *longest}} : readings();
}

// What OpenTelemetry's conventions have a name for.
void observe_conventions() {
  telemetry::observe({"process.cpu.time", "s", "processor time, over all generations"}, observed::counter,
                     from_fleet(cpu_times));
  telemetry::observe({"process.memory.usage", "By", "resident memory"}, observed::up_down_counter,
                     from_fleet(memory_usage));
  telemetry::observe({"messaging.client.sent.messages", "{message}", "messages sent to a local queue"},
                     observed::counter, sent_messages);
  telemetry::observe({"messaging.client.consumed.messages", "{message}", "messages taken from a local queue"},
                     observed::counter, consumed_messages);
}

void observe_all() {
  const auto counter = [](const char* name, const char* meaning, std::function<readings()> read) {
    telemetry::observe({name, "1", meaning}, observed::counter, std::move(read));
  };
  counter("lineshaft.worker.processed", "inputs handled to their end", figure<&worker_figures::processed>());
  counter("lineshaft.worker.errors", "failures without a counter of their own", figure<&worker_figures::errors>());
  counter("lineshaft.worker.decoding_errors", "inputs that could not be read",
          figure<&worker_figures::decoding_errors>());
  counter("lineshaft.worker.published", "outputs written", figure<&worker_figures::published>());
  counter("lineshaft.worker.processing_errors", "inputs that were refused",
          figure<&worker_figures::processing_errors>());
  counter("lineshaft.worker.restarts", "what the worker itself started anew", figure<&worker_figures::restarts>());
  telemetry::observe({"lineshaft.worker.mdq_connected", "1", "the queue it works on is there"}, observed::gauge,
                     figure<&worker_figures::mdq_connected>());
  telemetry::observe({"lineshaft.worker.mdc_connected", "1", "the cache it works on is there"}, observed::gauge,
                     figure<&worker_figures::mdc_connected>());
  telemetry::observe({"lineshaft.worker.alive", "1", "it has a process"}, observed::gauge, from_fleet(alive));
  telemetry::observe({"lineshaft.worker.running", "1", "its class has begun and was not asked to stop"},
                     observed::gauge, figure<&worker_figures::running>());
  observe_conventions();
  telemetry::observe({"lineshaft.worker.count", "{worker}", "workers by their state"}, observed::up_down_counter,
                     from_fleet(states));
  telemetry::observe({"lineshaft.queue.depth", "{message}", "messages that wait in a local queue"}, observed::gauge,
                     depths);
  telemetry::observe({"lineshaft.manager.events.dropped", "{event}", "events that a subscriber was too slow for"},
                     observed::counter, dropped_events);
  telemetry::observe({"lineshaft.manager.loop.lag", "s", "how long the manager's event loop kept something waiting"},
                     observed::gauge, lag);
}

// As OpenTelemetry allows it.
std::string instrument_name(std::string_view declared) {
  std::string name = "lineshaft.app." + std::string(declared);
  std::ranges::replace_if(
      name,
      [](char c) {
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return !fine && c != '_' && c != '.' && c != '-' && c != '/';
      },
      '_');
  return name;
}

void observe_declared(const std::string& name, const metric_value& value) {
  const bool counts = std::holds_alternative<std::uint64_t>(value);
  telemetry::observe({instrument_name(name), "1", "declared by a worker class"},
                     counts ? observed::counter : observed::gauge, from_fleet([name](const fleet& workers) {
                       return of_each(
                           workers, [&](const worker_reading& worker) { return declared_value(worker.totals, name); });
                     }));
}

}  // namespace

void exported_manager::freeze() {
  const std::scoped_lock lock(mutex_);
  source_ = {[kept = source_.workers()] { return kept; }, [kept = source_.queues()] { return kept; },
             [kept = source_.events_dropped()] { return kept; }, [] { return std::optional<double>(); }};
}

std::vector<directory::view> exported_manager::workers() const {
  const std::scoped_lock lock(mutex_);
  return source_.workers();
}
std::vector<queue_status> exported_manager::queues() const {
  const std::scoped_lock lock(mutex_);
  return source_.queues();
}
std::uint64_t exported_manager::events_dropped() const {
  const std::scoped_lock lock(mutex_);
  return source_.events_dropped();
}
std::optional<double> exported_manager::loop_lag() const {
  const std::scoped_lock lock(mutex_);
  return source_.loop_lag();
}

std::shared_ptr<exported_manager> export_manager(metric_source source) {
  auto made = std::make_shared<exported_manager>(std::move(source));
  bool first = false;
  {
    const std::scoped_lock lock(all_exported().mutex);
    first = all_exported().managers.empty();
    all_exported().managers.push_back(made);
  }
  if (first) observe_all();
  return made;
}

void forget_managers() {
  collected().forget();
  const std::scoped_lock lock(all_exported().mutex);
  all_exported().managers.clear();
  all_exported().declared.clear();
}

void export_declared_metrics() {
  // Who comes second finds them exported, and not about to be: the end of telemetry may be next.
  static std::mutex one_at_a_time;
  const std::scoped_lock turn(one_at_a_time);
  std::map<std::string, metric_value> found;
  for (const auto& manager : managers()) {
    for (const auto& view : manager->workers()) found.merge(totals_of(*view).metrics);
  }
  for (const auto& [name, value] : found) {
    {
      const std::scoped_lock lock(all_exported().mutex);
      if (!all_exported().declared.insert(name).second) continue;
    }
    observe_declared(name, value);
  }
}

}  // namespace lineshaft::supervisor
