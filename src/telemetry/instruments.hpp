#pragma once
// Metrics of this process, by OpenTelemetry's API. Nothing happens where this process exports nothing.
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace lineshaft::telemetry {

/// What series are told apart by.
using label_map = std::map<std::string, std::string>;

/// What is made at its first use, and kept.
struct instrument {
  std::string name, unit, meaning;
};

struct reading {
  label_map attributes;
  double value = 0;
};

void count(const instrument& what, std::uint64_t more, const label_map& attributes);
/// Seconds, in a histogram.
void measure(const instrument& what, double seconds, const label_map& attributes);

enum class observed { counter, up_down_counter, gauge };

/// Asks `read` for the values at each collection, on a thread of the SDK, until the process ends. Not to be called
/// from within `read`.
void observe(const instrument& what, observed kind, std::function<std::vector<reading>()> read);

/// Those that were made for what has ended: whoever exports now makes new ones.
void forget_instruments();

}  // namespace lineshaft::telemetry
