#include "supervisor/own_variables.hpp"

#include <algorithm>
#include <format>
#include <mutex>
#include <set>
#include <utility>

#include "supervisor/environment.hpp"
#include "telemetry/process_log.hpp"
#include "telemetry/settings.hpp"

namespace lineshaft::supervisor {

namespace {

telemetry::parsed_settings settings_from(const variables_of_worker& all) {
  auto environment = all.inherited;
  for (const auto& [name, value] : all.own) set_variable(environment, name, value);
  std::vector<const char*> pointers;
  for (const auto& one : environment) pointers.push_back(one.c_str());
  pointers.push_back(nullptr);
  return telemetry::parse_settings(pointers.data());
}

bool any_of_telemetry(const std::map<std::string, std::string>& own) {
  return std::ranges::any_of(own, [](const auto& one) {
    const char* alone[] = {one.first.c_str(), nullptr};
    return telemetry::any_variable(alone);
  });
}

}  // namespace

std::map<std::string, std::string> complaints_about(const variables_of_worker& all) {
  std::map<std::string, std::string> found;
  if (!any_of_telemetry(all.own)) return found;
  const auto parsed = settings_from(all);
  if (parsed.values.level < telemetry::log_level::warn) return found;
  for (const auto& text : parsed.warnings) {
    // Each names its variable first.
    const auto own = all.own.find(text.substr(0, text.find(' ')));
    if (own == all.own.end() || std::ranges::contains(all.inherited, own->first + "=" + own->second)) continue;
    found.emplace(own->first, std::format("{}, in the environment of '{}'", text, all.worker));
  }
  return found;
}

void warn_of_own_variables(const variables_of_worker& all) {
  static std::mutex mutex;
  static std::set<std::pair<std::string, std::string>> told;
  const std::scoped_lock lock(mutex);
  for (const auto& [variable, text] : complaints_about(all)) {
    if (told.emplace(variable, all.own.at(variable)).second)
      telemetry::log_about_telemetry(telemetry::log_level::warn, text);
  }
}

}  // namespace lineshaft::supervisor
