#pragma once
// Whether more of a worker's output may wait in memory for its file.
#include <cstddef>
#include <cstdint>

#include "lineshaft/output_options.hpp"

namespace lineshaft::output {

/// What waits now: for one file, and for all files of the manager.
struct backlog {
  std::size_t own = 0, total = 0;
};

inline constexpr std::size_t most_for_one = 1024 * 1024, most_for_all = 64 * 1024 * 1024;
/// What a process leaves in its pipes when it ends is taken beyond that, so that a flood loses nothing by ending; but
/// not generation after generation for ever.
inline constexpr std::size_t most_of_the_dead = 4 * most_for_one;

enum class admission : std::uint8_t { take, wait, drop };

/// Before a read from a living process's pipe.
admission admit(const backlog& now, output_overflow policy);
/// For what an ended process has left.
admission admit_last_words(const backlog& now);
/// Whether those that wait may go on: later than they stopped, so that they do not stop at every read.
bool has_room_again(const backlog& now);

}  // namespace lineshaft::output
