#pragma once
// What a program has said of itself over NOTIFY_SOCKET, in this generation.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/moments.hpp"
#include "policy/notification.hpp"

namespace lineshaft::supervisor {

/// What a process says of itself, as everybody may be shown it: well-formed UTF-8, and not longer than this in bytes.
inline constexpr std::size_t longest_word = 4096;
std::string word_of_process(std::string_view said);

struct program_word {
  std::string status;  ///< its last STATUS=, as well-formed UTF-8
  std::string error;   ///< its last ERRNO=, in words
  bool reloading = false;
  std::optional<policy::time_point> beat;  ///< its last WATCHDOG=1: the verdict is the watchdog's
  bool wants_watchdog = false;             ///< WATCHDOG=trigger: it asks for the watchdog's verdict itself
  std::uint64_t refused = 0;               ///< notifications of strangers, and those that nobody can read
  std::vector<std::string> notes;          ///< what was not believed, once each

  void take(const policy::notification& said, policy::time_point now);
};

}  // namespace lineshaft::supervisor
