#pragma once
// [control]: who may ask the running manager what, beside its own user at the socket in `run_dir`.
#include <map>
#include <string>
#include <vector>

#include "base/role.hpp"

namespace lineshaft::config {

struct control_file {
  std::map<std::string, role> users;   ///< of this machine, by name or number
  std::string tcp;                     ///< "127.0.0.1:8080"; empty: not at all
  std::map<role, std::string> tokens;  ///< what a request over TCP has to bring
  std::vector<std::string> hosts;      ///< its other names: "lineshaft.example:8080"
  std::string health;                  ///< "0.0.0.0:8081"; empty: not at all
  bool predecessor_metrics = false;    ///< the predecessor's names beside ours
};

}  // namespace lineshaft::config
