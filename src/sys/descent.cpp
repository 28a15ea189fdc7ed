#include "sys/descent.hpp"

#include <fstream>

#include "sys/relations.hpp"
#include "sys/wait.hpp"

namespace lineshaft::sys {
namespace {

constexpr std::size_t deepest = 256;

// The way up from a process to the leader, or nothing if it does not lead there.
std::vector<pid_t> way_up(pid_t process, pid_t leader) {
  std::vector<pid_t> way{process};
  while (way.back() != leader) {
    const auto found = relations_of(way.back());
    if (!found) return {};
    // One whose parent has ended is somebody else's child by now; the group still tells.
    if (way.size() == 1 && found->group == leader) return way;
    if (found->parent <= 1 || way.size() == deepest) return {};
    way.push_back(found->parent);
  }
  return way;
}

bool still_there(int handle) {
  const auto asked = pidfd_send_signal(handle, 0);
  return asked || asked.error().code != std::errc::no_such_process;
}

}  // namespace

bool belongs_to(pid_t process, int handle, pid_t leader) {
  if (process <= 0 || leader <= 0) return false;
  if (process == leader) return true;  // its number cannot be another's before we reap it
  unique_fd own;
  if (handle < 0) {
    auto opened = pidfd_open(process);
    if (!opened) return false;
    own = std::move(*opened);
    handle = own.get();
  }
  // Twice the same way, and the process is there at the end: then no number on it has changed its owner meanwhile.
  const auto way = way_up(process, leader);
  return !way.empty() && way_up(process, leader) == way && still_there(handle);
}

std::vector<pid_t> children_of_this_thread() {
  std::ifstream list("/proc/thread-self/children");
  std::vector<pid_t> all;
  for (pid_t child = 0; list >> child;) all.push_back(child);
  return all;
}

}  // namespace lineshaft::sys
