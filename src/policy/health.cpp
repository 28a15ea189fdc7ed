#include "policy/health.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lineshaft::policy {
namespace {

// Of the limit of memory: never above what was declared.
constexpr double memory_jitter = 0.1;

}  // namespace

std::string_view to_string(ailment what) {
  switch (what) {
    case ailment::none: return "none";
    case ailment::stopped: return "stopped";
    case ailment::no_beat: return "no_beat";
    case ailment::no_progress: return "no_progress";
    case ailment::too_big: return "too_big";
  }
  std::unreachable();
}

void health::patience::renew(time_point now, const vital_signs& signs) {
  since = now;
  waited = signs.waited;
}

time_point health::patience::ends(const vital_signs& signs) const {
  return after(since, span + std::chrono::ceil<std::chrono::milliseconds>(signs.waited - waited));
}

health::health(const start_options& how, bool is_program, double chance) {
  if (how.watchdog && is_program) beat_.span = how.watchdog->timeout;
  if (how.watchdog) progress_.span = how.watchdog->progress;
  const auto most = static_cast<double>(how.max_memory);
  most_bytes_ = how.max_memory - static_cast<std::uint64_t>(most * memory_jitter * std::abs(chance));
}

void health::begin(time_point now, const vital_signs& signs) {
  beat_.renew(now, signs);
  progress_.renew(now, signs);
  processed_ = signs.processed;
  was_stopped_ = false;
  next_ = now;
  (void)look(now, signs);
}

void health::beat(time_point now, const vital_signs& signs) { beat_.renew(now, signs); }

ailment health::look(time_point now, const vital_signs& signs) {
  const bool before = std::exchange(was_stopped_, signs.stopped);
  if (signs.stopped || before) {
    beat_.renew(now, signs);
    progress_.renew(now, signs);
  }
  if (!signs.has_input || std::exchange(processed_, signs.processed) != signs.processed) progress_.renew(now, signs);

  const auto found = verdict(now, signs, before);
  // Once is enough for each time that it lasts as long.
  if (found == ailment::no_beat) beat_.renew(now, signs);
  if (found == ailment::no_progress) progress_.renew(now, signs);

  next_ = time_point::max();
  if (beat_.used()) next_ = std::min(next_, beat_.ends(signs));
  // The counter tells by itself that it has moved, but only to those who look.
  if (progress_.used()) next_ = std::min({next_, progress_.ends(signs), after(now, progress_.span / 4)});
  if (most_bytes_ > 0) next_ = std::min(next_, after(now, memory_interval));
  return found;
}

ailment health::verdict(time_point now, const vital_signs& signs, bool was_stopped) const {
  if (signs.stopped) return was_stopped ? ailment::none : ailment::stopped;
  if (beat_.used() && now >= beat_.ends(signs)) return ailment::no_beat;
  if (progress_.used() && now >= progress_.ends(signs)) return ailment::no_progress;
  if (most_bytes_ > 0 && signs.resident_bytes > most_bytes_) return ailment::too_big;
  return ailment::none;
}

std::optional<time_point> health::look_at() const {
  if (!watched()) return std::nullopt;
  return next_;
}

}  // namespace lineshaft::policy
