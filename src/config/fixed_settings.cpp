#include "config/fixed_settings.hpp"

namespace lineshaft::config {

std::vector<std::string> changed_fixed_settings(const pipeline_file& started, const pipeline_file& now) {
  const auto& [users, tcp, tokens, hosts, health, predecessor_metrics] = started.control;
  const struct {
    const char* key;
    bool same;
  } settings[] = {
      {"pipeline.run_dir", started.run_dir == now.run_dir},
      {"pipeline.log_dir", started.manager.log_dir == now.manager.log_dir},
      {"control.users", users == now.control.users},
      {"control.tcp", tcp == now.control.tcp},
      {"control.tokens", tokens == now.control.tokens},
      {"control.hosts", hosts == now.control.hosts},
      {"control.health", health == now.control.health},
      {"control.predecessor_metrics", predecessor_metrics == now.control.predecessor_metrics},
  };
  std::vector<std::string> changed;
  for (const auto& [key, same] : settings) {
    if (!same) changed.emplace_back(key);
  }
  return changed;
}

}  // namespace lineshaft::config
