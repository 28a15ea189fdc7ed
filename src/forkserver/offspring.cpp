#include "forkserver/offspring.hpp"

#include <algorithm>
#include <utility>

#include "sys/relations.hpp"
#include "sys/wait.hpp"

namespace lineshaft::forkserver {

void offspring::add(made_process one) {
  for (int looks = 2; looks > 0 && !all_.empty(); --looks) {
    next_look_ %= all_.size();
    if (sys::is_taken(all_[next_look_].pid)) {
      ++next_look_;
    } else {
      std::swap(all_[next_look_], all_.back());
      all_.pop_back();
    }
  }
  all_.push_back(std::move(one));
}

void offspring::prints(pid_t pid, std::array<unique_fd, 2> reading) {
  const auto found = std::ranges::find(all_, pid, &made_process::pid);
  if (found != all_.end()) {
    found->reading = std::move(reading);
  } else if (const auto known = sys::relations_of(pid)) {
    add({.pid = pid, .not_before = known->began, .not_after = known->began, .reading = std::move(reading)});
  }
}

result<unique_fd> handle_of(const made_process& one) {
  auto handle = sys::pidfd_open(one.pid);
  if (!handle) return handle;
  // Looked at when there is a handle: if it is the right one now, it was when the handle was made. The kernel rounds
  // its clock down to a tick as we do, but not at the very same moment.
  const auto known = sys::relations_of(one.pid);
  if (!known || known->began + 1 < one.not_before || known->began > one.not_after + 1)
    return fail(std::errc::no_such_process, "cannot open pidfd of " + std::to_string(one.pid));
  return handle;
}

}  // namespace lineshaft::forkserver
