#pragma once
// The seam where tests inject faults: every wrapper of this folder asks here first.
// Costs one relaxed load while nothing is armed.
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace lineshaft::sys {

namespace detail {
extern std::atomic<bool> faults_armed;
std::error_code take_fault(std::string_view call) noexcept;
}  // namespace detail

/// The error that a test wants from this call now, or none.
inline std::error_code injected(std::string_view call) noexcept {
  if (!detail::faults_armed.load(std::memory_order_relaxed)) [[likely]]
    return {};
  return detail::take_fault(call);
}

/// A step that is no system call ("worker.start"), at which a test can have the process killed: see `arm_faults`.
inline void reached(std::string_view step) noexcept { (void)injected(step); }

/// From the call after the next `skip` ones on, `times` calls fail with `code`.
void inject(std::string call, std::error_code code, std::uint32_t skip = 0, std::uint32_t times = 1);
/// Every such call waits until `clear_injected`: a disk that does not answer.
void inject_stall(std::string call);
void clear_injected();

/// Arms faults from text, for processes that a test cannot reach: "clone3=EAGAIN;worker.start=SIGKILL".
/// A signal's name instead of an error's: the process sends it to itself there. A bad text arms nothing.
/// The fork server and workers read it from the environment variable LINESHAFT_FAULTS.
void arm_faults(std::string_view text);

}  // namespace lineshaft::sys
