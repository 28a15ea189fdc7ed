#include "telemetry/text.hpp"

namespace lineshaft::telemetry {

std::string_view trim_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view cut(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto front = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
  return front;
}

}  // namespace lineshaft::telemetry
