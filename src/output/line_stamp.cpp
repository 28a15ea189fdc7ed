#include "output/line_stamp.hpp"

#include <format>

namespace lineshaft::output {
namespace {

constexpr std::size_t time_length = 24;

std::string_view word(const line& what, stream from) {
  const bool whole = what.end == line_end::complete;
  if (from == stream::out) return whole ? "out " : "out+ ";
  return whole ? "err " : "err+ ";
}

}  // namespace

line_stamp::line_stamp(std::string_view worker, std::uint32_t generation)
    : text_(std::format("{:%FT%T}Z {}/{} ", written_, worker, generation)) {}

void line_stamp::at(std::chrono::system_clock::time_point now) {
  const auto shown = std::chrono::floor<std::chrono::milliseconds>(now);
  if (shown == written_) return;
  written_ = shown;
  text_.replace(0, time_length, std::format("{:%FT%T}Z", shown));
}

void line_stamp::write(const line& what, stream from, std::string& to) const {
  to += text_;
  to += word(what, from);
  to += what.text;
  to += '\n';
}

void line_stamp::write_notice(std::string_view text, std::string& to) const {
  to += text_;
  to += "lost ";
  to += text;
  to += '\n';
}

}  // namespace lineshaft::output
