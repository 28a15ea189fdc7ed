#include "top/usage.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <ranges>
#include <string_view>

namespace lineshaft::top {
namespace {

std::optional<usage> usage_of(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  // The name, which may have blanks and brackets in it, ends at the last bracket; `state` follows, the third field.
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  constexpr std::size_t utime = 14 - 3, stime = 15 - 3, rss = 24 - 3;
  std::array<std::uint64_t, rss + 1> fields{};
  std::size_t at = 0;
  for (const auto field : std::views::split(std::string_view(line).substr(name_end + 2), ' ')) {
    if (at == fields.size()) break;
    std::from_chars(field.data(), field.data() + field.size(), fields[at++]);
  }
  if (at < fields.size()) return std::nullopt;
  return usage{
      seconds(static_cast<double>(fields[utime] + fields[stime]) / static_cast<double>(::sysconf(_SC_CLK_TCK))),
      fields[rss] * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

}  // namespace

std::map<std::int64_t, usage> usage_of(const std::vector<std::int64_t>& pids) {
  std::map<std::int64_t, usage> all;
  for (const auto pid : pids)
    if (const auto found = usage_of(pid)) all.emplace(pid, *found);
  return all;
}

}  // namespace lineshaft::top
