#include "sys/descent.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/descriptor.hpp"
#include "sys/wait.hpp"

namespace lineshaft::sys {
namespace {

constexpr std::size_t deepest = 256;

struct relations {
  pid_t parent = 0, group = 0;
};

pid_t next_number(std::string_view& text) {
  pid_t number = 0;
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return ec == std::errc() ? number : 0;
}

std::optional<relations> relations_of(pid_t process) {
  const auto file = open(("/proc/" + std::to_string(process) + "/stat").c_str(), O_RDONLY);
  if (!file) return std::nullopt;
  char content[512];
  const auto size = ::read(file->get(), content, sizeof content);
  if (size <= 0) return std::nullopt;
  std::string_view text(content, static_cast<std::size_t>(size));
  // The name of the program stands in parentheses, and may have some itself.
  const auto name_end = text.rfind(')');
  if (name_end == std::string_view::npos || name_end + 4 > text.size()) return std::nullopt;
  text.remove_prefix(name_end + 3);  // ") S"
  relations found;
  found.parent = next_number(text);
  found.group = next_number(text);
  return found;
}

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

}  // namespace lineshaft::sys
