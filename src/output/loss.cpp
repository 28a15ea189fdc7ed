#include "output/loss.hpp"

namespace lineshaft::output {

void loss::add(std::uint64_t more_lines, std::uint64_t more_bytes, std::string_view reason) {
  lines += more_lines;
  bytes += more_bytes;
  why = reason;
}

std::string loss::text() const {
  return std::to_string(lines) + (lines == 1 ? " line (" : " lines (") + std::to_string(bytes) + " bytes): " + why;
}

}  // namespace lineshaft::output
