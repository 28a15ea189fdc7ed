#include "config/fault.hpp"

#include <algorithm>
#include <format>
#include <numeric>
#include <tuple>

namespace lineshaft::config {
namespace {

std::string_view file_of(const place& where) { return where.file ? std::string_view(*where.file) : std::string_view(); }

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

/// Insertions, deletions, replacements, and swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t(0));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last = now;
  }
  return last[b.size()];
}

}  // namespace

void sort(std::vector<fault>& faults) {
  // Files keep the order in which they were first spoken of.
  std::vector<std::string_view> files;
  for (const auto& one : faults) {
    if (!std::ranges::contains(files, file_of(one.where))) files.push_back(file_of(one.where));
  }
  const auto rank = [&](const fault& one) { return std::ranges::find(files, file_of(one.where)) - files.begin(); };
  std::ranges::stable_sort(faults, [&](const fault& a, const fault& b) {
    return std::tuple(rank(a), a.where.line, a.where.column) < std::tuple(rank(b), b.where.line, b.where.column);
  });
}

std::string to_text(const fault& shown) {
  auto text = std::string(file_of(shown.where));
  if (shown.where.line > 0) text += std::format(":{}:{}", shown.where.line, shown.where.column);
  if (!text.empty()) text += ": ";
  if (!shown.key.empty()) text += shown.key + ": ";
  text += shown.text;
  return shown.hint.empty() ? text : text + "; " + shown.hint;
}

boost::json::object to_json(const fault& shown) {
  return {{"file", file_of(shown.where)}, {"line", shown.where.line},
          {"column", shown.where.column}, {"key", shown.key},
          {"message", shown.text},        {"hint", shown.hint}};
}

std::string did_you_mean(std::string_view given, std::span<const std::string> known) {
  const std::string* best = nullptr;
  // A third of the letters may be wrong: "stop_timout" is found, "memory" is not taken for "ready".
  auto nearest = given.size() / 3 + 1;
  for (const auto& one : known) {
    if (const auto far = distance(given, one); far < nearest) {
      nearest = far;
      best = &one;
    }
  }
  return best == nullptr ? "" : std::format("did you mean '{}'?", *best);
}

}  // namespace lineshaft::config
