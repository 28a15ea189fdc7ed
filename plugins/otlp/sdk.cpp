#include "sdk.hpp"

#include <opentelemetry/logs/noop.h>
#include <opentelemetry/logs/provider.h>
#include <opentelemetry/metrics/noop.h>
#include <opentelemetry/metrics/provider.h>
#include <opentelemetry/trace/noop.h>
#include <opentelemetry/trace/provider.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>

#include "account.hpp"
#include "internal_log.hpp"
#include "on_demand.hpp"
#include "providers.hpp"

namespace lineshaft::otlp {

namespace {

namespace otel = opentelemetry;
namespace sdk = otel::sdk;
namespace nostd = otel::nostd;

using traces_on_demand = on_demand<otel::trace::TracerProvider, sdk::trace::TracerProvider>;
using metrics_on_demand = on_demand<otel::metrics::MeterProvider, sdk::metrics::MeterProvider>;
using logs_on_demand = on_demand<otel::logs::LoggerProvider, sdk::logs::LoggerProvider>;

class tracer_provider final : public otel::trace::TracerProvider {
 public:
  explicit tracer_provider(traces_on_demand& traces) : traces_(traces) {}
  nostd::shared_ptr<otel::trace::Tracer> GetTracer(nostd::string_view name, nostd::string_view version,
                                                   nostd::string_view schema) noexcept override {
    return traces_.get().GetTracer(name, version, schema);
  }

 private:
  traces_on_demand& traces_;
};

class meter_provider final : public otel::metrics::MeterProvider {
 public:
  explicit meter_provider(metrics_on_demand& metrics) : metrics_(metrics) {}
  nostd::shared_ptr<otel::metrics::Meter> GetMeter(nostd::string_view name, nostd::string_view version,
                                                   nostd::string_view schema) noexcept override {
    return metrics_.get().GetMeter(name, version, schema);
  }

 private:
  metrics_on_demand& metrics_;
};

class logger_provider final : public otel::logs::LoggerProvider {
 public:
  explicit logger_provider(logs_on_demand& logs) : logs_(logs) {}
  nostd::shared_ptr<otel::logs::Logger> GetLogger(nostd::string_view name, nostd::string_view library,
                                                  nostd::string_view version, nostd::string_view schema,
                                                  const otel::common::KeyValueIterable& attributes) override {
    return logs_.get().GetLogger(name, library, version, schema, attributes);
  }

 private:
  logs_on_demand& logs_;
};

// Threads of the SDK inherit it: a signal for the program must not end up on one of them.
class all_signals_blocked {
 public:
  all_signals_blocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~all_signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  all_signals_blocked(const all_signals_blocked&) = delete;
  all_signals_blocked& operator=(const all_signals_blocked&) = delete;

 private:
  sigset_t before_;
};

// Its variables, whatever the program does to its environment before something is recorded.
class kept_environment {
 public:
  explicit kept_environment(const char* const* environment) {
    for (; *environment != nullptr; ++environment) {
      const std::string_view one = *environment;
      if (one.starts_with("OTEL_") || one.starts_with("LINESHAFT_")) texts_.emplace_back(one);
    }
    for (const auto& one : texts_) pointers_.push_back(one.c_str());
    pointers_.push_back(nullptr);
  }
  const char* const* pointers() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
};

// All of this process. What stands in for the SDK's in the child of a fork() and after the end is made beforehand.
class signals {
  template <class Provider>
  using shared = nostd::shared_ptr<Provider>;

  std::unique_ptr<signals> before_;  // nothing of it is destroyed: threads of it that hang may still be there
  bool over_ = false;
  kept_environment environment_;
  wishes from_;
  lineshaft_telemetry_host host_;
  shared<otel::trace::TracerProvider> no_traces_{new otel::trace::NoopTracerProvider};
  shared<otel::metrics::MeterProvider> no_metrics_{new otel::metrics::NoopMeterProvider};
  shared<otel::logs::LoggerProvider> no_logs_{new otel::logs::NoopLoggerProvider};

  // Whoever asks first may be in the middle of anything: what goes wrong is logged, and nothing is recorded.
  template <class Sdk>
  std::function<std::unique_ptr<Sdk>()> guarded(std::unique_ptr<Sdk> (*make)(const wishes&)) {
    return [this, make]() -> std::unique_ptr<Sdk> {
      const all_signals_blocked blocked;
      try {
        return make(from_);
      } catch (const std::exception& problem) {
        host_.log(host_.self, static_cast<int>(telemetry::log_level::error), problem.what());
        return nullptr;
      }
    };
  }

 public:
  signals(const telemetry::settings& wanted, const char* const* environment, const lineshaft_telemetry_host& host,
          const lineshaft_telemetry_plugin* other, signals* before)
      : before_(before), environment_(environment), from_{wanted, environment_.pointers(), other}, host_(host) {
    if (wanted.traces.wanted())
      otel::trace::Provider::SetTracerProvider(shared<otel::trace::TracerProvider>(new tracer_provider(traces)));
    if (wanted.metrics.wanted())
      otel::metrics::Provider::SetMeterProvider(shared<otel::metrics::MeterProvider>(new meter_provider(metrics)));
    if (wanted.logs.wanted())
      otel::logs::Provider::SetLoggerProvider(shared<otel::logs::LoggerProvider>(new logger_provider(logs)));
  }

  bool is_over() const { return over_; }
  // No lock is taken, the API's own neither: in the child of a fork() another thread may have held it.
  void record_no_more() {
    over_ = true;
    traces.end();
    metrics.end();
    logs.end();
  }
  // Nothing is destroyed: the SDK's destructors wait for its threads.
  void end() {
    record_no_more();
    otel::trace::Provider::SetTracerProvider(no_traces_);
    otel::metrics::Provider::SetMeterProvider(no_metrics_);
    otel::logs::Provider::SetLoggerProvider(no_logs_);
  }

  traces_on_demand traces{guarded(make_traces), *no_traces_};
  metrics_on_demand metrics{guarded(make_metrics), *no_metrics_};
  logs_on_demand logs{guarded(make_logs), *no_logs_};
};

signals* the_signals = nullptr;

// The SDK's threads are not there, so that there is nothing to be ended either.
void leave_nothing_to_the_child() {
  if (the_signals == nullptr || the_signals->is_over()) return;
  the_signals->record_no_more();
  the_account().count_for_nobody();
}

// The ends of the signals, each on a thread of its own. It is theirs, too: nobody else may be there any more when the
// last of them comes.
struct ending {
  std::mutex mutex;
  std::condition_variable done;
  int running = 0;
  bool metrics_ended = false;
};

// False where the system has no thread for it.
template <class End>
bool end_in_parallel(const std::shared_ptr<ending>& all, End end) {
  const auto count = [all](int more) {
    const std::scoped_lock lock(all->mutex);
    all->running += more;
    all->done.notify_all();
  };
  count(1);
  try {
    std::thread([count, end] {
      end();
      count(-1);
    }).detach();
    return true;
  } catch (const std::system_error&) {
    count(-1);
    return false;
  }
}

// Here and now, the one thing of the SDK that keeps its timeout; none would be no limit.
template <class Provider>
bool flush(Provider& provider, account::clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline - account::clock::now());
  return provider.ForceFlush(std::max(left, std::chrono::microseconds(1)));
}

// Of those that anything was recorded for. What has no thread to be shut down on is only flushed.
void end_all(signals& all, const std::shared_ptr<ending>& threads, account::clock::time_point deadline) {
  auto* traces = all.traces.made();
  auto* metrics = all.metrics.made();
  auto* logs = all.logs.made();
  threads->metrics_ended = metrics == nullptr;
  const bool traces_end = traces == nullptr || end_in_parallel(threads, [traces] { traces->Shutdown(); });
  const bool logs_end = logs == nullptr || end_in_parallel(threads, [logs] { logs->Shutdown(); });
  const bool metrics_end = metrics == nullptr || end_in_parallel(threads, [metrics, threads] {
                             // Shutdown() makes no last collection (opentelemetry-cpp 1.19).
                             metrics->ForceFlush();
                             metrics->Shutdown();
                             const std::scoped_lock lock(threads->mutex);
                             threads->metrics_ended = true;
                           });
  if (!traces_end) flush(*traces, deadline);
  if (!logs_end) flush(*logs, deadline);
  if (!metrics_end) threads->metrics_ended = flush(*metrics, deadline);
}

}  // namespace

bool start(const telemetry::settings& wanted, const char* const* environment, const lineshaft_telemetry_host& host,
           const lineshaft_telemetry_plugin* other) {
  if (the_signals != nullptr && !the_signals->is_over()) return false;
  the_account().counts = host.counts;
  the_account().collected = [host] { host.collected(host.self); };
  route_internal_log(host, wanted.level);
  the_account().deadline = account::clock::time_point::max().time_since_epoch().count();
  the_signals = new signals(wanted, environment, host, other, the_signals);
  static const int once = ::pthread_atfork(nullptr, nullptr, leave_nothing_to_the_child);
  return once == 0;
}

void finish(std::chrono::milliseconds budget) {
  if (the_signals == nullptr || the_signals->is_over()) return;
  auto& account = the_account();
  const auto deadline = account::clock::now() + budget;
  account.deadline = deadline.time_since_epoch().count();
  the_signals->end();
  const all_signals_blocked blocked;
  const auto threads = std::make_shared<ending>();
  end_all(*the_signals, threads, deadline);
  std::unique_lock lock(threads->mutex);
  (void)threads->done.wait_until(lock, deadline, [&threads] { return threads->running == 0; });
  if (!threads->metrics_ended) ++*account.counts.metric_exports_failed;
}

}  // namespace lineshaft::otlp
