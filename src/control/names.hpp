#pragma once
// The names of workers, as requests give them.
#include <string>
#include <vector>

#include "control/service.hpp"

namespace lineshaft::control {

/// 404, with what might have been meant.
reply no_such_worker(service& with, const std::string& name);
/// The replicas of a worker: NAME-0, NAME-1 …
std::vector<std::string> replicas_of(service& with, const std::string& name);

}  // namespace lineshaft::control
