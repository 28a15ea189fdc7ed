#include "output/line_stamp.hpp"

#include <algorithm>
#include <format>

#include "base/whole_number.hpp"

namespace lineshaft::output {
namespace {

constexpr std::size_t time_length = 24;

std::string_view word(const line& what, stream from) {
  const bool whole = what.end == line_end::complete;
  if (from == stream::out) return whole ? "out " : "out+ ";
  return whole ? "err " : "err+ ";
}

// Of one line with its newline. What does not begin with a stamp is the rest of a line.
amount measure_one(std::string_view line) {
  const auto name = line.find(' '), word = line.find(' ', name + 1), text = line.find(' ', word + 1);
  const bool stamped = name == time_length && text != std::string_view::npos;
  if (!stamped) return {1, line.size()};
  const auto kind = line.substr(word + 1, text - word - 1);
  if (kind == "lost") return {};
  // A newline that the worker has not printed.
  const bool goes_on = kind.ends_with('+');
  return {1, line.size() - text - (goes_on ? 2 : 1)};
}

}  // namespace

std::optional<stamped_line> read_stamped(std::string_view line) {
  const auto name = line.find(' '), word = line.find(' ', name + 1), text = line.find(' ', word + 1);
  if (name != time_length || word == std::string_view::npos || text == std::string_view::npos) return std::nullopt;
  const auto who = line.substr(name + 1, word - name - 1);
  const auto slash = who.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto generation = whole_number<std::uint32_t>(who.substr(slash + 1));
  auto kind = line.substr(word + 1, text - word - 1);
  if (kind.ends_with('+')) kind.remove_suffix(1);
  if (!generation || (kind != "out" && kind != "err" && kind != "lost")) return std::nullopt;
  using is = stamped_line::kind;
  return stamped_line{line.substr(0, time_length), who.substr(0, slash), *generation,
                      kind == "out"   ? is::out
                      : kind == "err" ? is::err
                                      : is::lost,
                      line.substr(text + 1)};
}

amount& amount::operator+=(const amount& more) {
  lines += more.lines;
  bytes += more.bytes;
  return *this;
}

amount measure(std::string_view stamped) {
  amount sum;
  while (!stamped.empty()) {
    const auto line = stamped.substr(0, stamped.find('\n'));
    const auto size = std::min(line.size() + 1, stamped.size());
    sum += measure_one(stamped.substr(0, size));
    stamped.remove_prefix(size);
  }
  return sum;
}

line_stamp::line_stamp(std::string_view worker, std::uint32_t generation)
    : text_(std::format("{:%FT%T}Z {}/{} ", written_, worker, generation)) {}

void line_stamp::at(std::chrono::system_clock::time_point now) {
  const auto shown = std::chrono::floor<std::chrono::milliseconds>(now);
  if (shown == written_) return;
  written_ = shown;
  text_.replace(0, time_length, std::format("{:%FT%T}Z", shown));
}

// Written out in one go: this is the inner loop of all output.
void line_stamp::write(const line& what, stream from, std::string& to) const {
  const auto kind = word(what, from);
  const auto before = to.size();
  to.resize_and_overwrite(before + text_.size() + kind.size() + what.text.size() + 1,
                          [&](char* data, std::size_t size) {
                            auto* at = std::ranges::copy(text_, data + before).out;
                            at = std::ranges::copy(kind, at).out;
                            *std::ranges::copy(what.text, at).out = '\n';
                            return size;
                          });
}

void line_stamp::write_notice(std::string_view text, std::string& to) const {
  to += text_;
  to += "lost ";
  to += text;
  to += '\n';
}

}  // namespace lineshaft::output
