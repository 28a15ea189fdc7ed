#include "output/line_splitter.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace lineshaft::output {
namespace {

// Not in the middle of a UTF-8 character, unless these are no characters at all.
std::size_t piece_of(std::string_view text, std::size_t longest) {
  constexpr std::size_t most_continuations = 3;
  auto end = longest;
  while (end > 0 && longest - end < most_continuations && continues_a_character(text[end])) --end;
  return end == 0 || continues_a_character(text[end]) ? longest : end;
}

}  // namespace

std::optional<line> line_splitter::next() {
  const auto newline = text_.substr(0, longest_ + 1).find('\n');
  if (newline != std::string_view::npos) {
    const line found{text_.substr(0, newline), line_end::complete};
    text_.remove_prefix(newline + 1);
    return found;
  }
  // As long as the limit, it may still be the whole line.
  if (text_.size() <= longest_) return std::nullopt;
  const line piece{text_.substr(0, piece_of(text_, longest_)), line_end::continued};
  text_.remove_prefix(piece.text.size());
  return piece;
}

}  // namespace lineshaft::output
