#pragma once
// Who a process belongs to: proc_pid_stat(5), proc_tid_children(5), PR_SET_CHILD_SUBREAPER.
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

struct relations {
  char state = 0;  ///< as ps(1) shows it: 'Z' for one that has ended
  pid_t parent = 0, group = 0, session = 0;
  bool executing = false;   ///< inside execve(2): its memory is new, and its environment not yet there
  std::uint64_t began = 0;  ///< in ticks since boot: with its number it is one process, and no later one
};

/// Now, by the clock and in the unit of `relations::began`.
std::uint64_t ticks_since_boot() noexcept;

/// Nothing for one that is gone.
std::optional<relations> relations_of(pid_t process);
/// Every process that this one can see.
std::vector<pid_t> all_processes();
/// Whether the number is somebody's, ended or not: kill(2) with no signal.
bool is_taken(pid_t process) noexcept;
/// Orphans that came to this process as their subreaper or init, ended ones too: the kernel makes them children of the
/// first thread that lives, the main thread as a rule, and they stand among those that this thread has made itself.
/// The files that tell of it stay open, so that to look costs two reads and opens nothing.
class adopted_children {
 public:
  adopted_children() { open_files(); }
  /// None where the kernel does not tell (CONFIG_PROC_CHILDREN).
  std::vector<pid_t> read();

 private:
  void open_files();

  unique_fd state_, list_;  ///< of the main thread
};

enum class answer { no, yes, not_yet };

/// Whether an entry that begins so stands in the environment that a process began with. `not_yet`: it is inside
/// execve(2), and has none for the moment. What may not be read is `no`.
answer began_with(pid_t process, std::string_view beginning);
/// Writes over a variable of the environment that this process began with, for `began_with` of it and of its forks.
/// False if there is no place of that size.
bool overwrite_beginning(std::string_view variable);

/// While it is set, what descendants of this process leave behind becomes its own child.
void set_child_subreaper(bool adopts) noexcept;

}  // namespace lineshaft::sys
