#include "control/metrics_text.hpp"

#include <prometheus/text_serializer.h>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <fstream>
#include <set>

#include "control/metric_table.hpp"

namespace lineshaft::control {
namespace {

using family = prometheus::MetricFamily;
using labels = std::vector<prometheus::ClientMetric::Label>;

prometheus::MetricType type_of(metric_kind kind) {
  switch (kind) {
    case metric_kind::counter: return prometheus::MetricType::Counter;
    case metric_kind::gauge: return prometheus::MetricType::Gauge;
    case metric_kind::untyped: return prometheus::MetricType::Untyped;
  }
  return prometheus::MetricType::Untyped;
}

void add(family& to, labels of, double value) {
  prometheus::ClientMetric series;
  series.label = std::move(of);
  series.counter.value = series.gauge.value = series.untyped.value = value;
  to.metric.push_back(std::move(series));
}

family family_of(std::string_view name, std::string_view help, metric_kind kind) {
  return {std::string(name), std::string(help), type_of(kind), {}};
}

// A worker says it, and the serializer takes help as it is.
std::string escaped(std::string_view help) {
  std::string text;
  for (const char c : help) {
    if (c == '\\') text += '\\';
    c == '\n' ? text += "\\n" : text += c;
  }
  return text;
}

labels labels_of(const known_worker& worker) {
  return {{"worker", worker.status.name}, {"class", worker.place.class_name}};
}

labels with(labels more, std::string name, std::string_view value) {
  more.push_back({std::move(name), std::string(value)});
  return more;
}

class page {
 public:
  explicit page(const observed& what) : what_(what) {}

  void add_manager();
  void add_workers();
  void add_states();
  void add_restarts();
  void add_declared();
  void add_queues();
  void add_predecessors();
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  family& next(std::string_view name, std::string_view help, metric_kind kind) {
    return families_.emplace_back(family_of(name, help, kind));
  }

  const observed& what_;
  std::vector<family> families_;
};

double resident_bytes() {
  std::ifstream pages("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  pages >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void page::add_manager() {
  const auto cpu = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  add(next("lineshaft_manager_info", "The pipeline, and the version of Lineshaft.", metric_kind::gauge),
      {{"pipeline", what_.who.service}, {"version", what_.version}}, 1);
  add(next("lineshaft_manager_uptime_seconds", "Since its control server was started.", metric_kind::gauge), {},
      std::chrono::duration<double>(what_.uptime).count());
  add(next("process_cpu_seconds_total", "Of the manager itself.", metric_kind::counter), {}, cpu);
  add(next("process_resident_memory_bytes", "Of the manager itself.", metric_kind::gauge), {}, resident_bytes());
}

void page::add_workers() {
  for (const auto& one : worker_metrics_table()) {
    auto& made = next(one.name, one.help, one.kind);
    for (const auto& worker : what_.workers) {
      if (const auto value = one.value(worker.status)) add(made, labels_of(worker), *value);
    }
  }
}

void page::add_states() {
  using enum worker_state;
  auto& made = next("lineshaft_worker_state", "1 for the state that it is in, 0 for the others.", metric_kind::gauge);
  for (const auto& worker : what_.workers) {
    for (const auto state : {stopped, starting, running, stopping, backoff, completed, failed}) {
      add(made, with(labels_of(worker), "state", to_string(state)), worker.status.state == state ? 1 : 0);
    }
  }
}

void page::add_restarts() {
  using enum restart_cause;
  auto& made = next("lineshaft_worker_process_restarts_total", "Processes that followed another, by their cause.",
                    metric_kind::counter);
  for (const auto& worker : what_.workers) {
    auto counts = worker.status.restarts_by;
    for (const auto cause : {crash, completion, watchdog, asked, reload, group, recycle}) {
      add(made, with(labels_of(worker), "cause", to_string(cause)), static_cast<double>(counts.of(cause)));
    }
  }
}

void page::add_declared() {
  std::map<std::string, family> declared;
  for (const auto& worker : what_.workers) {
    std::set<std::string> seen;
    for (const auto& [name, value] : worker.status.metrics) {
      const auto exposed = exposed_name(name, value);
      // Two names that differ in what Prometheus does not know would be one series twice: the first one is told.
      if (!seen.insert(exposed).second) continue;
      const auto kind = std::holds_alternative<std::uint64_t>(value) ? metric_kind::counter : metric_kind::gauge;
      const auto said = what_.help.find(name);
      const auto help = said == what_.help.end() ? "Declared by a worker class." : escaped(said->second);
      const auto place = declared.try_emplace(exposed, family_of(exposed, help, kind)).first;
      add(place->second, labels_of(worker), std::visit([](auto one) { return static_cast<double>(one); }, value));
    }
  }
  for (auto& [name, made] : declared) families_.push_back(std::move(made));
}

void page::add_queues() {
  for (const auto& one : queue_metrics_table()) {
    auto& made = next(one.name, one.help, one.kind);
    for (const auto& queue : what_.queues) {
      if (const auto value = one.value(queue)) add(made, {{"queue", queue.name}}, *value);
    }
  }
}

void page::add_predecessors() {
  const auto& who = what_.who;
  add(next("kuhl_haus_service_up", "1 if no worker is dead.", metric_kind::untyped),
      {{"service", who.service}, {"container_image", who.container_image}, {"image_version", who.image_version}},
      std::ranges::none_of(what_.workers, is_dead) ? 1 : 0);
  add(next("kuhl_haus_mdp_parallelism", "The number of workers.", metric_kind::untyped), {},
      static_cast<double>(what_.workers.size()));
  add(next("kuhl_haus_mdp_prefetch_count", "$PREFETCH_COUNT of the manager.", metric_kind::untyped), {},
      static_cast<double>(who.prefetch_count));
  add(next("kuhl_haus_mdp_max_concurrency", "$MAX_CONCURRENCY of the manager.", metric_kind::untyped), {},
      static_cast<double>(who.max_concurrency));
  for (const auto& one : predecessor_metrics_table()) {
    auto& made = next(one.name, one.help, one.kind);
    std::size_t number = 0;
    for (const auto& worker : what_.workers) {
      add(made, {{"worker_id", std::to_string(number++)}, {"worker", worker.status.name}},
          one.value(worker.status).value_or(0));
    }
  }
}

}  // namespace

std::string exposed_name(std::string_view declared, const metric_value& value) {
  std::string name = "lineshaft_app_";
  for (const char c : declared) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  constexpr std::string_view total = "_total";
  if (name.ends_with(total)) name.resize(name.size() - total.size());
  return std::holds_alternative<std::uint64_t>(value) ? name + std::string(total) : name;
}

std::string metrics_text(const observed& what, metric_names names) {
  page made(what);
  made.add_manager();
  made.add_workers();
  made.add_states();
  made.add_restarts();
  made.add_declared();
  made.add_queues();
  if (names == metric_names::predecessors_too) made.add_predecessors();
  return made.text();
}

}  // namespace lineshaft::control
