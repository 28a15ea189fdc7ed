#include "control/event_parser.hpp"

#include <utility>

namespace lineshaft::control {

std::optional<std::string> event_parser::next_line() {
  const auto end = text_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  auto line = text_.substr(0, end);
  text_.erase(0, end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::optional<server_event> event_parser::next() {
  while (const auto line = next_line()) {
    if (line->empty()) {
      auto whole = std::exchange(growing_, {});
      if (!whole.data.empty()) return whole;
      continue;
    }
    const auto colon = line->find(':');
    const auto field = line->substr(0, colon);
    auto value = colon == std::string::npos ? std::string() : line->substr(colon + 1);
    if (value.starts_with(' ')) value.erase(0, 1);
    if (field == "id") growing_.id = value;
    if (field == "event") growing_.type = value;
    if (field == "data") growing_.data += (growing_.data.empty() ? "" : "\n") + value;
  }
  return std::nullopt;
}

}  // namespace lineshaft::control
