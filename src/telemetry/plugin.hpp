#pragma once
// The plug-ins that hold the OpenTelemetry SDK: opened only where an exporter is wanted, and never closed.
#include "lineshaft/error.hpp"
#include "telemetry/plugin_interface.hpp"
#include "telemetry/settings.hpp"

namespace lineshaft::telemetry {

struct opened_plugins {
  const lineshaft_telemetry_plugin* first = nullptr;  ///< the one to be started
  const lineshaft_telemetry_plugin* other = nullptr;  ///< has the exporters that the first lacks; mostly none is needed
};

/// Those that the settings need. Opening is not starting: it loads and relocates, and no thread begins.
result<opened_plugins> open_plugins(const settings& wanted);

}  // namespace lineshaft::telemetry
