#pragma once
// Lives that have come to a phase, for tests and for the table of all phases.
#include "policy/worker_life.hpp"

namespace lineshaft::policy {
using namespace std::chrono_literals;

inline time_point at(std::chrono::milliseconds since) { return time_point(1h) + since; }

inline start_options usual() {
  start_options options;
  options.restart = {.delay = 500ms, .jitter = 0};
  options.stop_timeout = 2s;
  options.start_timeout = 5s;
  return options;
}

inline constexpr ending clean{.success_code = true};
inline constexpr ending crashed{.success_code = false};

/// A life that has come to a phase by the shortest way, at 0 s.
inline worker_life life_in(phase where, start_options options = usual()) {
  worker_life life(std::make_shared<const start_options>(std::move(options)));
  if (where == phase::down) return life;
  life.start(at(0s));
  if (where == phase::held) return life;
  life.release(at(0s));
  if (where == phase::launching) return life;
  life.launched(at(0s));
  if (where == phase::starting) return life;
  life.became_ready(at(0s));
  if (where == phase::running) return life;
  if (where == phase::unready) {
    life.became_unready(at(0s));
    return life;
  }
  if (where == phase::backoff) {
    life.exited(at(0s), crashed);
    return life;
  }
  life.stop(at(0s), at(2s));
  if (where == phase::killing) life.timer(at(2s));
  return life;
}

}  // namespace lineshaft::policy
