#pragma once
// A byte stream cut into lines. A line longer than a limit comes in pieces, so that no worker can make the manager
// hold much.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lineshaft::output {

inline constexpr std::size_t longest_line = 16 * 1024;

enum class line_end : std::uint8_t {
  complete,
  continued,  ///< the line goes on in the next piece
};

/// Without its newline. Points into the text that it was cut from.
struct line {
  std::string_view text;
  line_end end = line_end::complete;
  friend bool operator==(const line&, const line&) = default;
};

class line_splitter {
 public:
  explicit line_splitter(std::string_view text, std::size_t longest = longest_line) : text_(text), longest_(longest) {}

  std::optional<line> next();
  /// The beginning of a line whose end has not come: at most the limit.
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
  std::size_t longest_;
};

}  // namespace lineshaft::output
