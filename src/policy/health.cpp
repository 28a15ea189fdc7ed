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

health::health(const start_options& how, bool is_program, double chance) : declared_(how.watchdog.has_value()) {
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
  (void)look(now, signs);
}

void health::beat(time_point now, const vital_signs& signs) { beat_.renew(now, signs); }

ailment health::look(time_point now, const vital_signs& signs) {
  const bool before = std::exchange(was_stopped_, signs.stopped);
  if (signs.stopped || before) {
    beat_.renew(now, signs);
    progress_.renew(now, signs);
  }
  const bool moved = std::exchange(processed_, signs.processed) != signs.processed;
  if (!signs.has_input || moved) progress_.renew(now, signs);
  waits_for_input_ = progress_.used() && !signs.has_input && !moved;

  const auto found = verdict(now, signs, before);
  // Once is enough for each time that it lasts as long.
  if (found == ailment::no_beat) beat_.renew(now, signs);
  if (found == ailment::no_progress) progress_.renew(now, signs);
  plan(now, signs);
  return found;
}

void health::input_came(time_point now, const vital_signs& signs) {
  progress_.renew(now, signs);
  waits_for_input_ = false;
  plan(now, signs);
}

void health::plan(time_point now, const vital_signs& signs) {
  next_.reset();
  const auto look_by = [this](time_point when) { next_ = std::min(next_.value_or(when), when); };
  if (beat_.used()) look_by(beat_.ends(signs));
  // The counter tells by itself that it has moved, but only to those who look.
  if (progress_.used() && !waits_for_input_) look_by(std::min(progress_.ends(signs), after(now, progress_.span / 4)));
  if (most_bytes_ > 0) look_by(after(now, memory_interval));
}

ailment health::verdict(time_point now, const vital_signs& signs, bool was_stopped) const {
  if (signs.stopped) return was_stopped ? ailment::none : ailment::stopped;
  if (beat_.used() && now >= beat_.ends(signs)) return ailment::no_beat;
  if (progress_.used() && now >= progress_.ends(signs)) return ailment::no_progress;
  if (most_bytes_ > 0 && signs.resident_bytes > most_bytes_) return ailment::too_big;
  return ailment::none;
}

std::optional<time_point> health::look_at() const { return next_; }

}  // namespace lineshaft::policy
