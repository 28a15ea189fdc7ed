#pragma once
// The folders and files of control groups, one call at a time: cgroups(7), version 2.
#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// Virtual, so that a test gives a kernel with the controllers that it wants.
class cgroup_tree {
 public:
  virtual ~cgroup_tree() = default;
  /// mkdir(2): the kernel puts the files of a group into it.
  virtual result<> make(const std::string& folder);
  /// rmdir(2): of a group in which nobody lives.
  virtual result<> remove(const std::string& folder);
  virtual result<std::string> read(const std::string& file);
  virtual result<> write(const std::string& file, std::string_view text);
  /// For writing.
  virtual result<unique_fd> open(const std::string& file);
  /// Ready exceptionally (EPOLLPRI) as soon as its content is another than now.
  virtual result<unique_fd> watch(const std::string& file);
  /// Their names.
  virtual std::vector<std::string> folders_in(const std::string& folder);
  /// Whether systemd, if it runs here, leaves this folder or one above it to others (`user.delegate`,
  /// https://systemd.io/CGROUP_DELEGATION).
  virtual bool is_left_to_us(const std::string& folder);
  /// Whether a process is this one, or has come from it.
  virtual bool is_ours(pid_t process);
};

/// Whether a process is, or was when it ended, in the group whose folder ends with `end`.
bool is_in_cgroup(pid_t process, std::string_view end);

}  // namespace lineshaft::sys
