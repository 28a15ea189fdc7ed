#include "sys/users.hpp"

#include <grp.h>
#include <pwd.h>

#include <cerrno>

#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

constexpr std::size_t largest_entry = 16 * 1024 * 1024;

// The lookup functions of getpwnam_r(3) all fill an entry and a buffer, which may be too small.
template <class Entry, class Lookup>
result<bool> look_up(Entry& entry, std::vector<char>& buffer, const std::string& what, Lookup lookup) {
  for (buffer.resize(1024);; buffer.resize(buffer.size() * 4)) {
    Entry* found = nullptr;
    const int code = lookup(entry, buffer, found);
    if (code == EINTR) continue;
    if (code == ERANGE && buffer.size() < largest_entry) continue;
    // Some name services say "not found" by an error: getpwnam_r(3) lists them.
    if (code == 0 || code == ENOENT || code == ESRCH || code == EPERM || code == EBADF) return found != nullptr;
    return fail({code, std::system_category()}, "cannot look up " + what);
  }
}

template <class Lookup>
result<std::optional<account>> find_account(const std::string& what, Lookup lookup) {
  if (auto ec = injected("getpwnam")) return fail(ec, "cannot look up " + what);
  passwd entry{};
  std::vector<char> buffer;
  const auto found = look_up(entry, buffer, what, lookup);
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return account{entry.pw_name, entry.pw_dir, entry.pw_shell, entry.pw_uid, entry.pw_gid};
}

}  // namespace

result<std::optional<account>> find_user(const std::string& name) {
  return find_account("user '" + name + "'", [&](passwd& entry, std::vector<char>& buffer, passwd*& found) {
    return ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  });
}

result<std::optional<account>> find_user(uid_t uid) {
  return find_account("user " + std::to_string(uid), [&](passwd& entry, std::vector<char>& buffer, passwd*& found) {
    return ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  });
}

result<std::optional<gid_t>> find_group(const std::string& name) {
  group entry{};
  std::vector<char> buffer;
  const auto found =
      look_up(entry, buffer, "group '" + name + "'", [&](group& into, std::vector<char>& memory, group*& result) {
        return ::getgrnam_r(name.c_str(), &into, memory.data(), memory.size(), &result);
      });
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return entry.gr_gid;
}

std::vector<gid_t> groups_of(const std::string& user, gid_t gid) {
  int count = 32;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  while (::getgrouplist(user.c_str(), gid, groups.data(), &count) < 0) groups.resize(static_cast<std::size_t>(count));
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

}  // namespace lineshaft::sys
