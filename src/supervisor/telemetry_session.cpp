#include "supervisor/telemetry_session.hpp"

#include <format>
#include <mutex>
#include <utility>
#include <vector>

#include "supervisor/environment.hpp"
#include "telemetry/exporting.hpp"
#include "telemetry/identity.hpp"
#include "telemetry/process_log.hpp"

namespace lineshaft::supervisor {

namespace {

std::mutex mutex;
int sessions = 0;   // that have begun
bool told = false;  // what is wrong with the variables

void start(const std::string& service) {
  auto environment = inherited_environment();
  telemetry::write_service(environment, service);
  std::vector<const char*> pointers;
  for (const auto& one : environment) pointers.push_back(one.c_str());
  pointers.push_back(nullptr);
  const auto complaints =
      std::exchange(told, true) ? telemetry::bad_values::told_elsewhere : telemetry::bad_values::told_here;
  telemetry::start_exporting(pointers.data(), complaints, telemetry::log_about_telemetry);
}

}  // namespace

void telemetry_session::begin(const std::string& service, const metric_source& source) {
  const std::scoped_lock lock(mutex);
  if (std::exchange(begun_, true)) return;
  if (++sessions == 1) start(service);
  if (telemetry::exporting()) {
    exported_ = export_manager(source);
    telemetry::after_each_collection(export_declared_metrics);
  }
}

telemetry_session::~telemetry_session() {
  const std::scoped_lock lock(mutex);
  if (exported_) {
    // From here on no thread of the SDK touches the manager, which goes.
    exported_->freeze();
    export_declared_metrics();
  }
  if (!begun_ || --sessions > 0) return;
  const auto lost = telemetry::finish_exporting(std::chrono::steady_clock::time_point::max());
  forget_managers();
  if (lost.none()) return;
  telemetry::log_about_telemetry(
      telemetry::log_level::warn,
      std::format("the manager's telemetry was not delivered: {} spans, {} log records, {} exports of metrics",
                  lost.spans, lost.log_records, lost.metric_exports));
}

}  // namespace lineshaft::supervisor
