#include "sys/rights.hpp"

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "sys/error.hpp"
#include "sys/limits.hpp"

namespace lineshaft::sys {

capabilities own_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3]{};
  if (::syscall(SYS_capget, &header, sets) < 0) return {};
  const auto has = [&](unsigned capability) { return (sets[capability / 32].effective >> (capability % 32) & 1) != 0; };
  return {has(CAP_SYS_RESOURCE), has(CAP_SYS_NICE), has(CAP_SETUID) && has(CAP_SETGID) && has(CAP_KILL)};
}

credentials own_credentials() {
  credentials own;
  ::getresuid(&own.uids[0], &own.uids[1], &own.uids[2]);
  ::getresgid(&own.gids[0], &own.gids[1], &own.gids[2]);
  const int count = ::getgroups(0, nullptr);
  own.groups.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  if (count > 0) ::getgroups(count, own.groups.data());
  return own;
}

int own_nice() { return ::getpriority(PRIO_PROCESS, 0); }

std::uint64_t own_hard_nice_limit() { return own_limit(RLIMIT_NICE).hard; }

unsigned configured_cpus() {
  const long count = ::sysconf(_SC_NPROCESSORS_CONF);
  return count > 0 ? static_cast<unsigned>(count) : 1;
}

result<> is_directory(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) < 0) return fail(last_error(), "cannot use directory '" + path + "'");
  if (!S_ISDIR(found.st_mode)) return fail(std::errc::not_a_directory, "cannot use directory '" + path + "'");
  return {};
}

}  // namespace lineshaft::sys
