// What telemetry costs: on the start of a worker, in its memory, and for each event, beside the same without it. Each
// way in a process of its own, since a manager has one telemetry for its whole life.
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <iterator>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/log.hpp>
#include <lineshaft/tracing.hpp>
#include <thread>

#include "collector.hpp"
#include "kernel.hpp"
#include "no_options.hpp"
#include "proc.hpp"
#include "report.hpp"

namespace {

using bench::no_options;
using bench::series;

constexpr int starts = 60, alive = 20, events = 20'000;

class stamped : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "stamped";
  using options = no_options;
  stamped(no_options, lineshaft::worker_context& context) {
    context.metrics().add_gauge("made").set(bench::now_microseconds());
  }
  boost::asio::awaitable<void> start() override { co_return; }
};

// What waits for others is exported so soon, and an idle worker looked at so much later.
constexpr auto settled = std::chrono::seconds(2);
constexpr const char* soon = "OTEL_BSP_SCHEDULE_DELAY=100 OTEL_BLRP_SCHEDULE_DELAY=100 OTEL_METRIC_EXPORT_INTERVAL=500";

lineshaft::span_options of_a_message() { return lineshaft::process_span_options({}, "queue"); }

/// Has recorded something of each signal, and then waits.
class recorded : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "recorded";
  using options = no_options;
  recorded(no_options, lineshaft::worker_context&) {
    lineshaft::span("process queue", of_a_message()).end();
    lineshaft::log::info("recorded");
  }
  boost::asio::awaitable<void> start() override { co_return; }
};

/// Nanoseconds of one event of each kind.
class eventful : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "eventful";
  using options = no_options;
  eventful(no_options, lineshaft::worker_context& context) : context_(context) {}

  boost::asio::awaitable<void> start() override {
    auto began = bench::clock::now();
    lineshaft::span("first").end();
    context_.metrics().add_gauge("first").set(bench::microseconds_since(began));
    began = bench::clock::now();
    for (int i = 0; i < events; ++i) lineshaft::span("event", {.attributes = {{"a", "1"}, {"b", "2"}}}).end();
    tell("span", began);
    began = bench::clock::now();
    for (int i = 0; i < events; ++i) co_await lineshaft::with_span("event", nothing());
    tell("with_span", began);
    began = bench::clock::now();
    for (int i = 0; i < events; ++i) lineshaft::span("process queue", of_a_message()).end();
    tell("message", began);
    began = bench::clock::now();
    for (int i = 0; i < events; ++i) lineshaft::log::info("event {}", i);
    tell("log", began);
    context_.finish();
  }

 private:
  boost::asio::awaitable<void> nothing() { co_return; }
  void tell(const char* what, bench::clock::time_point began) {
    context_.metrics().add_gauge(what).set(1000 * bench::microseconds_since(began) / events);
  }

  lineshaft::worker_context& context_;
};

double gauge_of(const lineshaft::worker_status& status, const char* name) {
  const auto found = status.metrics.find(name);
  return found == status.metrics.end() ? 0 : std::get<double>(found->second);
}

void measure_starts(lineshaft::process_manager& manager) {
  for (int i = 0; i < starts; ++i) {
    const double began = bench::now_microseconds();
    (void)manager.start_worker<stamped>("a");
    (void)manager.wait_ready("a");
    std::cout << std::format("start {}\n", gauge_of(manager.get_status("a"), "made") - began);
    manager.stop_process("a");
    manager.forget("a");
  }
}

template <class W>
void measure_memory(lineshaft::process_manager& manager, const char* what) {
  const auto name = [&](int i) { return std::format("{}{}", what, i); };
  for (int i = 0; i < alive; ++i) (void)manager.start_worker<W>(name(i));
  for (int i = 0; i < alive; ++i) (void)manager.wait_ready(name(i));
  std::this_thread::sleep_for(settled);
  for (int i = 0; i < alive; ++i) {
    const auto pid = *manager.get_status(name(i)).pid;
    std::cout << std::format("{} {}\n", what, static_cast<double>(bench::private_bytes(pid)) / 1024);
  }
  for (int i = 0; i < alive; ++i) manager.stop_process(name(i));
}

void measure_events(lineshaft::process_manager& manager) {
  for (int i = 0; i < 5; ++i) {
    (void)manager.start_worker<eventful>("e");
    manager.wait_end(std::chrono::minutes(1));
    const auto figures = manager.exit_records("e").back().figures;
    for (const auto* name : {"first", "span", "with_span", "message", "log"})
      std::cout << std::format("{} {}\n", name, std::get<double>(figures.metrics.at(name)));
    manager.forget("e");
  }
}

// Under its own telemetry, which its environment says.
int measure(lineshaft::host& host) {
  lineshaft::process_manager manager(host);
  measure_events(manager);
  measure_starts(manager);
  measure_memory<stamped>(manager, "silent");
  measure_memory<recorded>(manager, "recorded");
  manager.stop_all();
  return 0;
}

// bench/grpc_collector.py: a server of gRPC in this process would be in the way of what is measured.
class grpc_collector {
 public:
  grpc_collector() {
    if (std::fscanf(output_, "%d %d", &port_, &pid_) != 2) std::exit(1);
  }
  ~grpc_collector() {
    ::kill(pid_, SIGTERM);
    ::pclose(output_);
  }
  grpc_collector(const grpc_collector&) = delete;
  grpc_collector& operator=(const grpc_collector&) = delete;

  int port() const { return port_; }

 private:
  std::FILE* output_ = ::popen("exec setpriv --pdeathsig TERM /usr/bin/python3 '" GRPC_COLLECTOR "'", "r");
  int port_ = 0, pid_ = 0;
};

using figures = std::map<std::string, series>;

figures measured(const std::string& variables) {
  std::array<char, 4096> self{};
  if (::readlink("/proc/self/exe", self.data(), self.size() - 1) < 0) std::exit(1);
  const auto command = std::format("env {} '{}' measure 2>/dev/null", variables, self.data());
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> output(::popen(command.c_str(), "r"), ::pclose);
  figures all;
  std::array<char, 64> name{};
  double value = 0;
  while (std::fscanf(output.get(), "%63s %lf", name.data(), &value) == 2) all[name.data()].values.push_back(value);
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<stamped, recorded, eventful>);
  if (argc > 1 && std::string_view(argv[1]) == "measure") return measure(host);
  const bench::collector over_http;
  const grpc_collector over_grpc;
  const auto on = [](int port) {
    return std::format("OTEL_LOG_LEVEL=none OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{} {}", port, soon);
  };
  auto off = measured("OTEL_SDK_DISABLED=true");
  for (const auto& [way, variables] : std::map<std::string, std::string>{
           {"unsampled", on(over_http.port()) + " OTEL_TRACES_SAMPLER=always_off"},
           {"sampled", on(over_http.port())},
           {"sampled, over gRPC", on(over_grpc.port()) + " OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}}) {
    auto now = measured(variables);
    const auto row = [&](const char* what, const char* unit, const char* name) {
      bench::report(std::format("telemetry {}: {}", way, what), unit, now[name], "off", off[name]);
    };
    row("worker code running after start_worker", "us", "start");
    row("the first span of a worker", "us", "first");
    row("private memory of a worker that has recorded nothing", "KiB", "silent");
    row("private memory of a worker that has exported of each signal", "KiB", "recorded");
    row("a span with two attributes", "ns", "span");
    row("with_span around a coroutine", "ns", "with_span");
    row("the span of a message, and its duration", "ns", "message");
    row("a line of the log", "ns", "log");
  }
  return 0;
}
