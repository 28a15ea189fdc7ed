#include "internal_log.hpp"

#include <opentelemetry/sdk/common/global_log_handler.h>

#include <algorithm>
#include <string_view>

#include "account.hpp"

namespace lineshaft::otlp {

namespace {

namespace internal_log = opentelemetry::sdk::common::internal_log;

class forwarding_handler final : public internal_log::LogHandler {
 public:
  forwarding_handler(const lineshaft_telemetry_host& host, telemetry::log_level level) : host_(host), level_(level) {}

  void Handle(internal_log::LogLevel level, const char*, int, const char* text,
              const opentelemetry::sdk::common::AttributeMap&) noexcept override {
    const std::string_view said = text;
    // An exporter over HTTP says so here and nowhere else, on the thread that exports.
    if (level == internal_log::LogLevel::Error && said.starts_with("[OTLP") && said.contains("Exporter]"))
      note_logged_failure();
    // Nothing is wrong: that is how the SDK ends.
    if (said.contains("Shutdown can be invoked only once") || said.contains("while Shutdown in progress")) return;
    // It reads some variables once more, by rules of its own. What is wrong with one has been told.
    if (said.starts_with("Environment variable <OTEL_")) return;
    // The levels of the SDK are numbered as ours are.
    if (static_cast<int>(level) <= static_cast<int>(level_)) host_.log(host_.self, static_cast<int>(level), text);
  }

 private:
  lineshaft_telemetry_host host_;
  telemetry::log_level level_;
};

}  // namespace

void route_internal_log(const lineshaft_telemetry_host& host, telemetry::log_level level) {
  using internal_log::GlobalLogHandler;
  GlobalLogHandler::SetLogHandler(
      opentelemetry::nostd::shared_ptr<internal_log::LogHandler>(new forwarding_handler(host, level)));
  // Never less: see above.
  GlobalLogHandler::SetLogLevel(
      std::max(internal_log::LogLevel::Error, static_cast<internal_log::LogLevel>(static_cast<int>(level))));
}

}  // namespace lineshaft::otlp
