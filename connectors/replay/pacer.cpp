#include "replay/pacer.hpp"

#include <algorithm>

namespace lineshaft::replay {

pacer::time_point pacer::due(std::chrono::milliseconds event, time_point now) {
  if (speed_ == 0 || event.count() == 0) return now;
  if (!origin_) origin_ = {event, now};
  // A year at the most: what an absurd time in a recording may ask for must still be a point in time.
  constexpr std::chrono::duration<double, std::milli> longest = std::chrono::years(1);
  const std::chrono::duration<double, std::milli> after = (event - origin_->event) / speed_;
  return origin_->time + std::chrono::duration_cast<time_point::duration>(std::clamp(after, -longest, longest));
}

}  // namespace lineshaft::replay
