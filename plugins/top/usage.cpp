#include "top/usage.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace lineshaft::top {
namespace {

std::optional<usage> usage_of(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  // The name, which may have blanks and brackets in it, ends at the last bracket; `state` follows, the third field.
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(name_end + 2));
  std::vector<std::string> fields(std::istream_iterator<std::string>(rest), {});
  constexpr std::size_t utime = 14 - 3, stime = 15 - 3, rss = 24 - 3;
  if (fields.size() <= rss) return std::nullopt;
  const auto ticks = static_cast<double>(std::stoull(fields[utime]) + std::stoull(fields[stime]));
  return usage{seconds(ticks / static_cast<double>(::sysconf(_SC_CLK_TCK))),
               std::stoull(fields[rss]) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

}  // namespace

std::map<std::int64_t, usage> usage_of(const std::vector<std::int64_t>& pids) {
  std::map<std::int64_t, usage> all;
  for (const auto pid : pids)
    if (const auto found = usage_of(pid)) all.emplace(pid, *found);
  return all;
}

}  // namespace lineshaft::top
