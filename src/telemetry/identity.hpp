#pragma once
// Who a worker process is, for OpenTelemetry: in its environment, so that programs with an SDK of their own say it too.
#include <cstdint>
#include <string>
#include <string_view>

#include "telemetry/environment_carrier.hpp"

namespace lineshaft::telemetry {

/// OTEL_SERVICE_NAME, unless a service is named already.
void write_service(environment_list& environment, std::string_view service);

/// The same, and in OTEL_RESOURCE_ATTRIBUTES a service.instance.id in place of an inherited one, which is another
/// process's: "NAME/GENERATION/" and `fresh`. It is left out where execve(2) would not take so long a variable.
void write_identity(environment_list& environment, std::string_view service, std::string_view worker,
                    std::uint32_t generation, std::string_view fresh);

/// Eight hexadecimal digits that no other process has.
std::string fresh_digits();

}  // namespace lineshaft::telemetry
