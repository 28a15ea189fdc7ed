#pragma once
// From a line to events. One decoder for each form that a file can have.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/feed.hpp"

namespace lineshaft::replay {

class decoder {
 public:
  virtual ~decoder() = default;
  /// Appends the events of the line to `into`, or says why it cannot be read; then it has appended none.
  /// `line_reader::padding` bytes behind the line are readable. The events live until the next call, and as long
  /// as the line.
  virtual std::optional<std::string> decode(std::string_view line, std::vector<feed_event>& into) = 0;
  /// The file begins again: what was remembered of its lines is forgotten.
  virtual void restart() {}
};

}  // namespace lineshaft::replay
