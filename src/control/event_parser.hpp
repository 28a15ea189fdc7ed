#pragma once
// Server-sent events out of a byte stream (HTML Standard, 9.2.6).
#include <optional>
#include <string>
#include <string_view>

#include "control/client.hpp"

namespace lineshaft::control {

class event_parser {
 public:
  void add(std::string_view text) { text_ += text; }
  /// The next one that is whole.
  std::optional<server_event> next();

 private:
  std::optional<std::string> next_line();

  std::string text_;
  server_event growing_;
};

}  // namespace lineshaft::control
