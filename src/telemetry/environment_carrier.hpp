#pragma once
// An environment as OpenTelemetry's carrier (specification: context/env-carriers.md).
#include <opentelemetry/context/propagation/text_map_propagator.h>

#include <string>
#include <string_view>
#include <vector>

namespace lineshaft::telemetry {

/// "NAME=value" each: what a process is to be started with. Never the environment of this process.
using environment_list = std::vector<std::string>;

/// The name of the variable that carries `key`: upper-case, `_` for what a name cannot have.
std::string environment_name(std::string_view key);

/// Takes the variable out of the list, however often it is there.
void erase_variable(environment_list& environment, std::string_view name);

/// Reads and writes a list that outlives it.
class environment_carrier final : public opentelemetry::context::propagation::TextMapCarrier {
 public:
  explicit environment_carrier(environment_list& environment) : environment_(&environment) {}

  opentelemetry::nostd::string_view Get(opentelemetry::nostd::string_view key) const noexcept override;
  /// A value that execve(2) would refuse (128 KiB with its name) or cut short (at a NUL) is left out.
  void Set(opentelemetry::nostd::string_view key, opentelemetry::nostd::string_view value) noexcept override;
  /// The names alone that a carrier could have written.
  bool Keys(
      opentelemetry::nostd::function_ref<bool(opentelemetry::nostd::string_view)> callback) const noexcept override;

 private:
  environment_list* environment_;
};

}  // namespace lineshaft::telemetry
