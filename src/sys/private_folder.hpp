#pragma once
// A folder that belongs to this user alone, and a file in it that one process holds: mkdir(2), lstat(2), flock(2).
#include <sys/types.h>

#include <optional>
#include <string>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// geteuid(2)
uid_t own_uid();

/// Makes the folder, 0700, where it is missing; those above it too. One that is there has to be a folder, no symbolic
/// link, this user's, and closed to all others.
result<> make_private_folder(const std::string& path);

/// Opens the file, made where it is missing, and locks it, or nothing if another process holds it. The lock goes with
/// the descriptor, however the process ends.
result<std::optional<unique_fd>> try_lock(const std::string& path);

/// What a held file says of its holder.
result<> write_all(int fd, const std::string& text);

}  // namespace lineshaft::sys
