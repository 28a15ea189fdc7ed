#include "base/settings_text.hpp"

#include <format>

namespace lineshaft {
namespace {

std::string number_text(std::uint64_t number) { return number == unlimited ? "unlimited" : std::to_string(number); }

}  // namespace

std::string limit_text(std::string_view name, const resource_limit& wanted) {
  auto text = std::format("cannot set {} to {}", name, number_text(wanted.soft));
  if (wanted.hard != wanted.soft) text += ":" + number_text(wanted.hard);
  return text;
}

std::string nice_text(int wanted) { return std::format("cannot set the nice value to {}", wanted); }

std::string oom_score_adj_text(int wanted) { return std::format("cannot set oom_score_adj to {}", wanted); }

std::string cpu_affinity_text(std::span<const unsigned> wanted) {
  std::string list;
  for (const auto cpu : wanted) list += (list.empty() ? "" : ",") + std::to_string(cpu);
  return "cannot set the CPU affinity to " + list;
}

std::string user_text(std::string_view wanted) { return std::format("cannot change to user '{}'", wanted); }

std::string umask_text(unsigned wanted) { return std::format("cannot set the umask to {:04o}", wanted); }

std::string working_directory_text(std::string_view wanted) {
  return std::format("cannot change to directory '{}'", wanted);
}

}  // namespace lineshaft
