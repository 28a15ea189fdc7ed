#include "output/loss.hpp"

#include <algorithm>

namespace lineshaft::output {

void loss::add(std::uint64_t more_lines, std::uint64_t more_bytes, std::string_view reason) {
  lines += more_lines;
  bytes += more_bytes;
  why = reason;
}

std::string loss::text() const {
  return std::to_string(lines) + (lines == 1 ? " line (" : " lines (") + std::to_string(bytes) + " bytes): " + why;
}

std::uint64_t count_lines(std::string_view text) { return static_cast<std::uint64_t>(std::ranges::count(text, '\n')); }

}  // namespace lineshaft::output
