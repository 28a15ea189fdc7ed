#pragma once
// Users and groups as the system knows them: getpwnam_r(3), getgrnam_r(3), getgrouplist(3). May ask the
// network (nsswitch.conf), so never on the supervisor's thread.
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"

namespace lineshaft::sys {

struct account {
  std::string name, home, shell;
  uid_t uid = 0;
  gid_t gid = 0;
};

/// None: there is no such user; an error: nobody knows whether there is.
result<std::optional<account>> find_user(const std::string& name);
result<std::optional<account>> find_user(uid_t uid);
result<std::optional<gid_t>> find_group(const std::string& name);
/// All groups of a user, `gid` among them: what initgroups(3) would set.
std::vector<gid_t> groups_of(const std::string& user, gid_t gid);

}  // namespace lineshaft::sys
