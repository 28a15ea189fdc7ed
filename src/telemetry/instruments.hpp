#pragma once
// Metrics of this process, by OpenTelemetry's API. Nothing happens where this process exports nothing.
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace lineshaft::telemetry {

using attribute_map = std::map<std::string, std::string>;

/// The name, unit and meaning of an instrument. Literals: it is made at its first use, and kept.
struct instrument {
  const char* name;
  const char* unit;
  const char* meaning;
};

void count(const instrument& what, std::uint64_t more, const attribute_map& attributes);
/// Seconds, in a histogram.
void measure(const instrument& what, double seconds, const attribute_map& attributes);

enum class observed { counter, gauge };

/// Asks `read` for the value at each collection, on a thread of the SDK, until the process ends.
void observe(const std::string& name, const std::string& meaning, observed kind, std::function<double()> read);

}  // namespace lineshaft::telemetry
