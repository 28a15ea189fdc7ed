#pragma once
// What every span, metric and log record says of the process that it comes from.
#include <opentelemetry/sdk/resource/resource.h>

#include "telemetry/settings.hpp"

namespace lineshaft::otlp {

/// `environment` as in environ(7): the worker's name and generation, if this process is a worker.
opentelemetry::sdk::resource::Resource resource_of(const telemetry::settings& wanted, const char* const* environment);

}  // namespace lineshaft::otlp
