#pragma once
// When a log is rotated, and what is called what afterwards: NAME.log, NAME.log.1, NAME.log.2.zst …
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/output_options.hpp"

namespace lineshaft::output {

std::string log_name(std::string_view worker);
/// `number` 1 is the youngest.
std::string rotated_name(std::string_view log, std::uint32_t number);
std::string compressed_name(std::string_view log, std::uint32_t number);

/// How much of `lines`, which are whole lines, goes into a file of `size` bytes: 0 if it is rotated first. An empty
/// file takes at least one line.
std::size_t room_for(std::string_view lines, std::uint64_t size, std::uint64_t rotate_size);

bool too_old(std::chrono::milliseconds age, std::chrono::milliseconds rotate_age);

struct rename_step {
  std::string from, to;  ///< `to` empty: removed
  friend bool operator==(const rename_step&, const rename_step&) = default;
};

/// All steps of one rotation in their order. Any of the files may be missing, but for the log itself.
std::vector<rename_step> rotate(std::string_view log, std::uint32_t count);

}  // namespace lineshaft::output
