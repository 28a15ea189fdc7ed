#include "sys/fault.hpp"

#include <signal.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace lineshaft::sys {
namespace {

struct fault {
  std::string call;
  std::error_code code;
  int signal = 0;
  std::uint32_t skip = 0;
  std::uint32_t times = 1;
  bool stalls = false;
};

std::mutex& mutex() {
  static std::mutex one;
  return one;
}

std::condition_variable& cleared() {
  static std::condition_variable one;
  return one;
}

std::vector<fault>& faults() {
  static std::vector<fault> all;
  return all;
}

constexpr std::array<std::pair<std::string_view, int>, 10> error_names{{{"EAGAIN", EAGAIN},
                                                                        {"EMFILE", EMFILE},
                                                                        {"ENFILE", ENFILE},
                                                                        {"ENOMEM", ENOMEM},
                                                                        {"EINVAL", EINVAL},
                                                                        {"EPERM", EPERM},
                                                                        {"ENOSYS", ENOSYS},
                                                                        {"EIO", EIO},
                                                                        {"EACCES", EACCES},
                                                                        {"ENOSPC", ENOSPC}}};
constexpr std::array<std::pair<std::string_view, int>, 4> signal_names{
    {{"SIGKILL", SIGKILL}, {"SIGSEGV", SIGSEGV}, {"SIGABRT", SIGABRT}, {"SIGSTOP", SIGSTOP}}};

template <class Table>
int number_of(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, [](const auto& entry) { return entry.first; });
  return found == table.end() ? 0 : found->second;
}

}  // namespace

namespace detail {

std::atomic<bool> faults_armed = false;

std::error_code take_fault(std::string_view call) noexcept {
  std::unique_lock lock(mutex());
  cleared().wait(lock, [&] {
    return std::ranges::none_of(faults(), [&](const fault& one) { return one.stalls && one.call == call; });
  });
  for (auto& fault : faults()) {
    if (fault.call != call || fault.times == 0) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    --fault.times;
    if (fault.signal != 0) ::raise(fault.signal);
    return fault.code;
  }
  return {};
}

}  // namespace detail

void inject(std::string call, std::error_code code, std::uint32_t skip, std::uint32_t times) {
  const std::scoped_lock lock(mutex());
  faults().push_back({std::move(call), code, 0, skip, times});
  detail::faults_armed = true;
}

void inject_stall(std::string call) {
  const std::scoped_lock lock(mutex());
  faults().push_back({std::move(call), {}, 0, 0, 0, true});
  detail::faults_armed = true;
}

void clear_injected() {
  const std::scoped_lock lock(mutex());
  faults().clear();
  detail::faults_armed = false;
  cleared().notify_all();
}

void arm_faults(std::string_view text) {
  const std::scoped_lock lock(mutex());
  while (!text.empty()) {
    const auto item = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const auto equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    const auto what = item.substr(equals + 1);
    fault armed{std::string(item.substr(0, equals)), {}, number_of(signal_names, what)};
    if (const int code = number_of(error_names, what)) armed.code = std::error_code(code, std::generic_category());
    faults().push_back(std::move(armed));
    detail::faults_armed = true;
  }
}

}  // namespace lineshaft::sys
