#include "policy/stop_plan.hpp"

#include <cmath>

namespace lineshaft::policy {
using std::chrono::milliseconds;

time_point level_deadline(time_point now, time_point end, milliseconds own, milliseconds later) {
  if (later <= milliseconds(0) || end <= now) return end;
  const auto left = std::chrono::duration_cast<milliseconds>(end - now);
  if (own <= left && later <= left - own) return now + own;
  const auto whole = static_cast<double>(own.count()) + static_cast<double>(later.count());
  return now +
         milliseconds(std::llround(static_cast<double>(left.count()) * (static_cast<double>(own.count()) / whole)));
}

}  // namespace lineshaft::policy
