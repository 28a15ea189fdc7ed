#include "supervisor/settings.hpp"

#include <algorithm>
#include <filesystem>

#include "base/settings_text.hpp"
#include "policy/settings_check.hpp"
#include "policy/user_spec.hpp"
#include "supervisor/environment.hpp"
#include "sys/rights.hpp"
#include "sys/users.hpp"

namespace lineshaft::supervisor {
namespace {

struct resolved_user {
  sys::user_identity identity;
  std::optional<sys::account> account;  ///< none: a number that has no entry
};

result<std::optional<sys::account>> find_account(const policy::name_or_number& wanted) {
  return std::visit([](const auto& one) { return sys::find_user(one); }, wanted);
}

result<gid_t> find_group(const policy::name_or_number& wanted, const std::string& asked) {
  if (const auto* number = std::get_if<std::uint32_t>(&wanted)) return *number;
  const auto& name = std::get<std::string>(wanted);
  auto found = sys::find_group(name);
  if (!found) return fail(found.error().code, user_text(asked) + ": " + found.error().doing);
  if (!*found) return fail(user_text(asked) + ": there is no group '" + name + "'");
  return **found;
}

// A number is taken as it is, but without an entry nothing says which groups it has.
result<sys::account> account_of(const policy::user_spec& spec, const std::optional<sys::account>& found,
                                const std::string& asked) {
  if (found) return *found;
  if (const auto* name = std::get_if<std::string>(&spec.user))
    return fail(user_text(asked) + ": there is no user '" + *name + "'");
  const auto uid = std::get<std::uint32_t>(spec.user);
  if (!spec.group) return fail(user_text(asked) + ": no such user is known, so its group has to be named: USER:GROUP");
  return sys::account{.name = {}, .home = {}, .shell = {}, .uid = uid, .gid = 0};
}

result<resolved_user> resolve_user(const std::string& asked) {
  const auto spec = policy::parse_user_spec(asked);
  if (!spec) return std::unexpected(spec.error());
  auto found = find_account(spec->user);
  if (!found) return fail(found.error().code, user_text(asked) + ": " + found.error().doing);
  const auto account = account_of(*spec, *found, asked);
  if (!account) return std::unexpected(account.error());
  auto gid = spec->group ? find_group(*spec->group, asked) : result<gid_t>(account->gid);
  if (!gid) return std::unexpected(gid.error());
  resolved_user user{{asked, account->uid, *gid, {*gid}}, std::move(*found)};
  if (user.account) user.identity.groups = sys::groups_of(user.account->name, *gid);
  return user;
}

// A manager without privileges may well name the user that it is.
bool is_already(const sys::user_identity& wanted, const sys::credentials& own) {
  const auto without_own = [&](std::vector<gid_t> groups) {
    std::erase(groups, wanted.gid);
    std::ranges::sort(groups);
    return groups;
  };
  return std::ranges::all_of(own.uids, [&](uid_t uid) { return uid == wanted.uid; }) &&
         std::ranges::all_of(own.gids, [&](gid_t gid) { return gid == wanted.gid; }) &&
         without_own(wanted.groups) == without_own(own.groups);
}

result<> take_user(const std::string& asked, sys::process_settings& settings, std::vector<std::string>& environment) {
  if (asked.empty()) return {};
  auto user = resolve_user(asked);
  if (!user) return std::unexpected(user.error());
  if (user->account) {
    set_variable(environment, "HOME", user->account->home);
    set_variable(environment, "LOGNAME", user->account->name);
    set_variable(environment, "SHELL", user->account->shell);
    set_variable(environment, "USER", user->account->name);
  }
  if (is_already(user->identity, sys::own_credentials())) return {};
  if (!sys::own_capabilities().identity)
    return fail(std::errc::operation_not_permitted,
                user_text(asked) + ": the manager has no CAP_SETUID, CAP_SETGID and CAP_KILL");
  settings.user = std::move(user->identity);
  return {};
}

result<> take_working_directory(const std::string& asked, sys::process_settings& settings) {
  if (asked.empty()) return {};
  if (auto usable = sys::is_directory(asked); !usable) return usable;
  // The fork server's may be another one than the manager's now.
  std::error_code ec;
  settings.working_directory = std::filesystem::absolute(asked, ec);
  if (ec) return fail(ec, working_directory_text(asked));
  return {};
}

result<> take_numbers(const start_options& how, sys::process_settings& settings) {
  const auto capabilities = sys::own_capabilities();
  std::vector<policy::limit_wish> wishes;
  settings.limits = sys::wanted_limits(how.limits);
  for (const auto& limit : settings.limits)
    wishes.push_back({sys::limit_name(limit.resource), limit.value, sys::own_limit(limit.resource).hard});
  const policy::manager_rights rights{
      capabilities.resource, policy::lowest_nice(capabilities.nice, sys::own_nice(), sys::own_hard_nice_limit()),
      how.cpu_affinity.empty() ? 1 : sys::configured_cpus()};
  if (auto fits = policy::check_settings(how, wishes, rights); !fits) return fits;
  settings.nice = how.nice;
  settings.oom_score_adj = how.oom_score_adj;
  settings.cpus = how.cpu_affinity;
  settings.umask = how.umask;
  settings.no_new_privs = how.no_new_privs;
  return {};
}

}  // namespace

result<sys::process_settings> resolve_settings(const start_options& how, std::vector<std::string>& environment) {
  sys::process_settings settings;
  if (how.clear_env) environment.clear();
  if (auto fits = take_numbers(how, settings); !fits) return std::unexpected(fits.error());
  if (auto fits = take_user(how.user, settings, environment); !fits) return std::unexpected(fits.error());
  if (auto fits = take_working_directory(how.working_directory, settings); !fits) return std::unexpected(fits.error());
  return settings;
}

}  // namespace lineshaft::supervisor
