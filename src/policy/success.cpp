#include "policy/success.hpp"

#include <algorithm>
#include <csignal>

namespace lineshaft::policy {

bool is_success(const process_end& end, const start_options& how) {
  if (!end.code_known) return false;
  if (end.is_class) return end.code == 0 && end.cause != leave_cause::none;
  return std::ranges::contains(how.success_exit_codes, end.code) || ended_by_stop(end, how);
}

bool ended_by_stop(const process_end& end, const start_options& how) {
  const bool asked =
      end.cause == leave_cause::stop || end.cause == leave_cause::restart || end.cause == leave_cause::abandoned;
  return end.code_known && !end.is_class && asked && end.code < 0 && end.code != -SIGKILL &&
         std::ranges::contains(how.stop, -end.code, &stop_rung::signal);
}

}  // namespace lineshaft::policy
