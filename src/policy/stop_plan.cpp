#include "policy/stop_plan.hpp"

#include <cmath>

namespace lineshaft::policy {
using std::chrono::milliseconds;

milliseconds level_share(milliseconds left, milliseconds own, milliseconds later) {
  if (left <= milliseconds(0)) return milliseconds(0);
  if (later <= milliseconds(0)) return left;
  if (own <= left && later <= left - own) return own;
  const auto part = static_cast<double>(own.count()) / (static_cast<double>(own.count()) + static_cast<double>(later.count()));
  return milliseconds(std::llround(static_cast<double>(left.count()) * part));
}

}  // namespace lineshaft::policy
