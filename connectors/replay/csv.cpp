#include "replay/csv.hpp"

namespace lineshaft::replay {

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes a quoted field, whose opening quote is gone, off the front of `line`.
bool take_quoted(std::string_view& line, std::string& field) {
  for (;;) {
    const auto quote = line.find('"');
    if (quote == std::string_view::npos) return false;
    field.append(line.substr(0, quote));
    line.remove_prefix(quote + 1);
    if (!line.starts_with('"')) break;
    field += '"';
    line.remove_prefix(1);
  }
  return trim(line.substr(0, line.find(','))).empty();
}

}  // namespace

bool split_csv(std::string_view line, std::vector<std::string>& into) {
  std::size_t count = 0;
  for (;;) {
    if (count == into.size()) into.emplace_back();
    auto& field = into[count++];
    const auto unquoted = trim(line.substr(0, line.find(',')));
    if (unquoted.starts_with('"')) {
      line.remove_prefix(line.find('"') + 1);
      field.clear();
      if (!take_quoted(line, field)) return false;
    } else {
      field = unquoted;
    }
    const auto comma = line.find(',');
    if (comma == std::string_view::npos) break;
    line.remove_prefix(comma + 1);
  }
  into.resize(count);
  return true;
}

}  // namespace lineshaft::replay
