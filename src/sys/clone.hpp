#pragma once
// How processes come to be here: a clone that is the manager's child, and a program executed as such.
// Both are for the fork server, which has one thread. clone3(2), clone(2).
#include <sys/types.h>

#include <array>
#include <string>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"
#include "sys/process_settings.hpp"

namespace lineshaft::sys {

struct cloned {
  pid_t pid = 0;    ///< 0 in the child
  unique_fd pidfd;  ///< in the parent
};

/// Whether this kernel can tell where glibc keeps its thread id (PR_GET_TID_ADDRESS, CONFIG_CHECKPOINT_RESTORE):
/// without it a clone of this process would be broken, and programs are executed instead.
bool can_clone() noexcept;

/// Copies this process as fork(2) does, but as a child of this process's parent (CLONE_PARENT).
/// Does what glibc's fork() does for the child: its cached thread id and its robust list are right.
result<cloned> clone_as_sibling();

/// Of a program to be executed, the standard ones among them.
inline constexpr std::size_t most_descriptors = 3 + 16;
constexpr std::array<int, most_descriptors> no_descriptors() {
  std::array<int, most_descriptors> none{};
  none.fill(-1);
  return none;
}

/// Everything about a program to be executed, as data: nothing is allocated between clone and exec.
struct program {
  const char* const* paths = nullptr;  ///< candidates, tried in order until one can be executed; ends with nullptr
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  const settings_plan* settings = nullptr;  ///< nullptr: as the parent's
  /// `descriptors[n]` becomes descriptor n. -1: as it is for 0 to 2, none for the others.
  std::array<int, most_descriptors> descriptors = no_descriptors();
  /// Where its own pid is written to, as text, before it is executed: 12 bytes of `environment`, or nullptr.
  char* pid_text = nullptr;
  int death_signal = 0;   ///< PR_SET_PDEATHSIG; 0: none
  pid_t parent = 0;       ///< whose death it is; checked after the call
  bool own_group = true;  ///< setpgid(0, 0)
};

enum class spawn_as { child, sibling };

struct spawned {
  cloned process;    ///< also where the program could not be executed: the process has to be reaped
  result<> outcome;  ///< "cannot execute '/x': No such file or directory"
};

/// Executes a program at vfork(2)'s cost whatever this process's size (CLONE_VM | CLONE_VFORK). Returns when
/// the program runs, or with the step that failed.
spawned spawn(const program& what, spawn_as how);

}  // namespace lineshaft::sys
