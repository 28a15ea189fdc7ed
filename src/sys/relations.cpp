#include "sys/relations.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <functional>

#include "sys/descriptor.hpp"
#include "sys/file.hpp"

namespace lineshaft::sys {
namespace {

// proc_pid_stat(5) counts its fields from 1.
constexpr int state_field = 3, parent_field = 4, group_field = 5, session_field = 6, flags_field = 9,
              start_time_field = 22, start_code_field = 26;
// PF_KTHREAD of the kernel's own threads, include/linux/sched.h: they have no memory of their own at all.
constexpr unsigned kernel_thread = 0x00200000;
constexpr std::size_t longest_line = 4096, longest_file = 1 << 20;

// Files of /proc have no size: read from their beginning to their end, as far as `most`.
std::string content_of(const unique_fd& file, std::size_t most) {
  std::string content;
  if (file) (void)read_to_end(file.get(), most, content);
  return content;
}

unique_fd opened(const std::string& path) { return open(path.c_str(), O_RDONLY).value_or(unique_fd()); }

// Calls `take` for each part of a text between separators, until it says false.
void for_each_part(std::string_view text, char separator, const std::function<bool(std::string_view)>& take) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (!take(text.substr(0, end))) return;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

template <class Number = pid_t>
Number number_in(std::string_view text) {
  Number number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  return ec == std::errc() ? number : 0;
}

std::optional<relations> relations_in(std::string_view content) {
  // The name of the program stands in parentheses, and may have some itself.
  const auto name_end = content.rfind(')');
  if (name_end == std::string_view::npos || name_end + 4 > content.size()) return std::nullopt;
  relations found;
  bool has_memory = true;
  int field = state_field;
  for_each_part(content.substr(name_end + 2), ' ', [&](std::string_view value) {
    switch (field) {
      case state_field: found.state = value.empty() ? '\0' : value.front(); break;
      case parent_field: found.parent = number_in(value); break;
      case group_field: found.group = number_in(value); break;
      case session_field: found.session = number_in(value); break;
      case flags_field: has_memory = (number_in<unsigned>(value) & kernel_thread) == 0; break;
      case start_time_field: found.began = number_in<std::uint64_t>(value); break;
      // The kernel sets it after the environment, and says 1 to those who may not know.
      case start_code_field:
        found.executing = value == "0" && has_memory && found.state != 'Z' && found.state != 'X';
        break;
      default: break;
    }
    return ++field <= start_code_field;
  });
  return found;
}

void add_children(const unique_fd& list, std::vector<pid_t>& to) {
  for_each_part(content_of(list, longest_file), ' ', [&](std::string_view number) {
    if (const auto pid = number_in(number); pid > 0) to.push_back(pid);
    return true;
  });
}

bool has_entry(std::string_view environment, std::string_view beginning) {
  bool found = false;
  for_each_part(environment, '\0', [&](std::string_view entry) { return !(found = entry.starts_with(beginning)); });
  return found;
}

}  // namespace

std::optional<relations> relations_of(pid_t process) {
  return relations_in(content_of(opened("/proc/" + std::to_string(process) + "/stat"), longest_line));
}

std::vector<pid_t> all_processes() {
  std::vector<pid_t> all;
  std::error_code ec;
  for (std::filesystem::directory_iterator entry("/proc", ec), end; !ec && entry != end; entry.increment(ec)) {
    if (const auto pid = number_in(entry->path().filename().native()); pid > 0) all.push_back(pid);
  }
  return all;
}

bool is_taken(pid_t process) noexcept { return ::kill(process, 0) == 0 || errno != ESRCH; }

std::uint64_t ticks_since_boot() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const auto ticks_a_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return static_cast<std::uint64_t>(now.tv_sec) * ticks_a_second +
         static_cast<std::uint64_t>(now.tv_nsec) * ticks_a_second / 1'000'000'000;
}

void adopted_children::open_files() {
  const auto self = "/proc/" + std::to_string(::getpid());
  state_ = opened(self + "/stat");
  list_ = opened(self + "/task/" + std::to_string(::getpid()) + "/children");
}

std::vector<pid_t> adopted_children::read() {
  if (!state_ || !list_) open_files();  // the descriptor table was full
  std::vector<pid_t> all;
  const auto main_thread = relations_in(content_of(state_, longest_line));
  if (!main_thread || main_thread->state != 'Z') {
    add_children(list_, all);
    return all;
  }
  std::error_code ec;
  for (std::filesystem::directory_iterator thread("/proc/self/task", ec), end; !ec && thread != end;
       thread.increment(ec))
    add_children(opened(thread->path() / "children"), all);
  return all;
}

answer began_with(pid_t process, std::string_view beginning) {
  // The file is of the memory that the process had when it was opened: empty, or cut off, after an execve(2) meanwhile.
  constexpr int looks = 3;
  std::string before;
  for (int look = 0; look < looks; ++look) {
    auto environment = content_of(opened("/proc/" + std::to_string(process) + "/environ"), longest_file);
    if (has_entry(environment, beginning)) return answer::yes;
    if (!environment.empty() && environment == before) return answer::no;
    if (environment.empty()) {
      const auto known = relations_of(process);
      if (known && known->executing) return answer::not_yet;
    }
    before = std::move(environment);
  }
  return before.empty() ? answer::no : answer::not_yet;
}

bool overwrite_beginning(std::string_view variable) {
  const auto name = variable.substr(0, variable.find('=') + 1);
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view there = *entry;
    if (!there.starts_with(name) || there.size() != variable.size()) continue;
    std::memcpy(*entry, variable.data(), variable.size());
    return true;
  }
  return false;
}

void set_child_subreaper(bool adopts) noexcept { ::prctl(PR_SET_CHILD_SUBREAPER, adopts ? 1 : 0, 0, 0, 0); }

}  // namespace lineshaft::sys
