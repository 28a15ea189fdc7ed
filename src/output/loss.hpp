#pragma once
// Lines that did not come into their file, until the file has been told.
#include <cstdint>
#include <string>
#include <string_view>

namespace lineshaft::output {

struct loss {
  std::uint64_t lines = 0, bytes = 0;
  std::string why;  ///< of the last ones

  explicit operator bool() const { return lines != 0; }
  void add(std::uint64_t more_lines, std::uint64_t more_bytes, std::string_view reason);
  /// "3 lines (120 bytes): No space left on device"
  std::string text() const;
};

}  // namespace lineshaft::output
