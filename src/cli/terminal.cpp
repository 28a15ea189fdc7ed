#include "cli/terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <format>
#include <functional>
#include <iostream>

#include "base/utf8.hpp"

namespace lineshaft::cli {
namespace {

// As many columns as UTF-8 letters: names are ASCII, and what else is printed has no wide ones.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, std::not_fn(continues_a_character)));
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

bool wants_colour(const common& asked) {
  if (asked.color != "auto") return asked.color == "always";
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && !is_set("NO_COLOR") && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

std::string painted(std::string text, colour with, bool coloured) {
  if (!coloured || with == colour::plain || text.empty()) return text;
  constexpr int codes[] = {0, 31, 32, 33, 34, 35, 36, 2, 1};
  return std::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(with)], text);
}

std::string text_table::text(bool coloured) const {
  std::vector<std::size_t> widths;
  for (const auto& head : heads_) widths.push_back(width_of(head));
  for (const auto& row : rows_) {
    for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], width_of(row[at].text));
  }
  std::string out;
  const auto line = [&](const auto& row, auto show) {
    for (std::size_t at = 0; at < row.size(); ++at) {
      const auto& [text, with] = show(row[at]);
      out += painted(text, with, coloured);
      if (at + 1 < row.size()) out += std::string(widths[at] - width_of(text) + 2, ' ');
    }
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  };
  line(heads_, [](const std::string& head) { return std::pair(head, colour::bold); });
  for (const auto& row : rows_) line(row, [](const cell& one) { return std::pair(one.text, one.with); });
  return out;
}

boost::json::object failure(const std::string& text, const std::string& next) {
  return {
      {"ok", false}, {"error", text}, {"try", next.empty() ? boost::json::value(nullptr) : boost::json::value(next)}};
}

void complain(const invocation& with, const std::string& text, const std::string& next) {
  if (with.common.json) {
    std::cout << boost::json::serialize(failure(text, next)) << std::endl;
    return;
  }
  std::cerr << with.program << ": " << text << '\n';
  if (!next.empty()) std::cerr << "try: " << next << '\n';
}

std::string span_for_people(std::chrono::milliseconds span) {
  const auto count = span.count();
  if (count < 1000) return std::format("{} ms", count);
  if (count < 60'000)
    return count % 1000 == 0 ? std::format("{} s", count / 1000)
                             : std::format("{:.1f} s", static_cast<double>(count) / 1000);
  if (count < 3'600'000) return std::format("{} min {} s", count / 60'000, count / 1000 % 60);
  if (count < 86'400'000) return std::format("{} h {} min", count / 3'600'000, count / 60'000 % 60);
  return std::format("{} d {} h", count / 86'400'000, count / 3'600'000 % 24);
}

}  // namespace lineshaft::cli
