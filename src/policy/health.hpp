#pragma once
// Whether a process that is alive and ready does its work, by what can be seen of it from outside. Pure.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lineshaft/worker_spec.hpp"
#include "policy/moments.hpp"

namespace lineshaft::policy {

/// What is seen at one look.
struct vital_signs {
  bool stopped = false;               ///< by SIGSTOP, or by a debugger
  std::chrono::nanoseconds waited{};  ///< for a processor, since it exists
  std::uint64_t resident_bytes = 0;
  bool has_input = false;       ///< messages wait in a queue that it consumes
  std::uint64_t processed = 0;  ///< its counter
};

enum class ailment {
  none,
  stopped,      ///< recorded, and nothing else: somebody is looking at it, or has forgotten to let it go on
  no_beat,      ///< a program that has not said WATCHDOG=1 in time
  no_progress,  ///< messages wait, and none is processed
  too_big,      ///< it uses more memory than it may
};

std::string_view to_string(ailment);

/// Begins when the process is ready. Time in which it waited for a processor, or was stopped, does not count. Is asked
/// when something has happened or a time has come, so that one that is idle costs nothing.
class health {
 public:
  /// `chance` in [-1, 1] spreads the limits of memory, so that replicas are not replaced together.
  health(const start_options& how, bool is_program, double chance);

  bool watched() const { return declared_ || most_bytes_ > 0; }
  void begin(time_point now, const vital_signs& signs);
  void beat(time_point now, const vital_signs& signs);
  ailment look(time_point now, const vital_signs& signs);
  /// When to look next; none: when something happens.
  std::optional<time_point> look_at() const;
  /// Nothing waits, and nothing has moved: progress is looked at again when `input_came`.
  bool waits_for_input() const { return waits_for_input_; }
  void input_came(time_point now, const vital_signs& signs);
  bool stopped() const { return was_stopped_; }

  /// Of memory, which nothing tells of.
  static constexpr std::chrono::seconds memory_interval{5};

 private:
  // Something that has to happen again within a span, not counting what it waited for a processor.
  struct patience {
    std::chrono::milliseconds span{};
    time_point since{};
    std::chrono::nanoseconds waited{};

    bool used() const { return span > std::chrono::milliseconds(0); }
    void renew(time_point now, const vital_signs& signs);
    time_point ends(const vital_signs& signs) const;
  };

  ailment verdict(time_point now, const vital_signs& signs, bool was_stopped) const;
  void plan(time_point now, const vital_signs& signs);

  bool declared_ = false;
  patience beat_, progress_;
  std::uint64_t most_bytes_ = 0;
  std::uint64_t processed_ = 0;
  bool was_stopped_ = false;
  bool waits_for_input_ = false;
  std::optional<time_point> next_;
};

}  // namespace lineshaft::policy
