#include "control/names.hpp"

#include <algorithm>

#include "control/problem.hpp"

namespace lineshaft::control {
namespace {

constexpr std::size_t names_told = 8;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t at = 0; at < std::min(names.size(), names_told); ++at) text += (at == 0 ? "" : ", ") + names[at];
  return names.size() > names_told ? text + " …" : text;
}

}  // namespace

std::vector<std::string> replicas_of(service& with, const std::string& name) {
  std::vector<std::string> replicas;
  for (const auto& [status, place] : with.commands.all()) {
    if (place.family == name && status.name != name) replicas.push_back(status.name);
  }
  return replicas;
}

reply no_such_worker(service& with, const std::string& name) {
  const auto there_is_none = "there is no worker '" + name + "'";
  if (const auto replicas = replicas_of(with, name); !replicas.empty()) {
    return problem(404, there_is_none + ", but its replicas: " + listed(replicas));
  }
  std::vector<std::string> all;
  for (const auto& [status, place] : with.commands.all()) all.push_back(status.name);
  return problem(404, there_is_none + (all.empty() ? ": there are none" : ", but " + listed(all)));
}

}  // namespace lineshaft::control
