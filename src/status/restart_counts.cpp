#include "lineshaft/status.hpp"

namespace lineshaft {

std::string_view to_string(restart_cause cause) {
  switch (cause) {
    case restart_cause::crash: return "crash";
    case restart_cause::completion: return "completion";
    case restart_cause::watchdog: return "watchdog";
    case restart_cause::asked: return "asked";
    case restart_cause::reload: return "reload";
    case restart_cause::group: return "group";
    case restart_cause::recycle: return "recycle";
  }
  return "unknown";
}

std::uint64_t& restart_counts::of(restart_cause cause) {
  switch (cause) {
    case restart_cause::crash: return crash;
    case restart_cause::completion: return completion;
    case restart_cause::watchdog: return watchdog;
    case restart_cause::asked: return asked;
    case restart_cause::reload: return reload;
    case restart_cause::group: return group;
    case restart_cause::recycle: return recycle;
  }
  return crash;
}

}  // namespace lineshaft
