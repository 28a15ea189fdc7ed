#pragma once
// A folder that belongs to this user alone, and a file in it that one process holds: mkdir(2), lstat(2), fcntl(2).
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// geteuid(2)
uid_t own_uid();

/// What other users may do with a folder; nobody else writes in it.
enum class folder_access : std::uint16_t {
  closed = 0700,
  passed = 0711,  ///< they come to what they know the name of
  listed = 0755,
};

/// Makes the folder where it is missing; those above it too. One that is there has to be a folder, no symbolic link,
/// and this user's; what others may do with it is changed.
result<> make_own_folder(const std::string& path, folder_access others);

/// Opens the file, made where it is missing, and locks it, or nothing if another process holds it. The lock goes with
/// the descriptor, however the process ends.
result<std::optional<unique_fd>> try_lock(const std::string& path);
/// Whether somebody holds it, without holding it for a moment: F_OFD_GETLK. A file that is missing is held by nobody.
result<bool> is_locked(const std::string& path);

/// What a held file says of its holder.
result<> write_holder(int fd, const std::string& text);

}  // namespace lineshaft::sys
