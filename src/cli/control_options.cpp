#include "cli/control_options.hpp"

#include "base/whole_number.hpp"
#include "sys/users.hpp"

namespace lineshaft::cli {
namespace {

result<uid_t> uid_of(const std::string& user) {
  if (const auto number = whole_number<uid_t>(user)) return *number;
  const auto known = sys::find_user(user);
  if (!known) return std::unexpected(known.error());
  if (!*known) return fail("control.users: there is no user '" + user + "'");
  return (*known)->uid;
}

}  // namespace

result<control::server_options> control_options_of(const config::pipeline_file& file, const run_directory& where) {
  const auto& asked = file.control;
  control::server_options options{.pipeline = file.pipeline.name, .socket = where.socket()};
  for (const auto& [user, may] : asked.users) {
    const auto uid = uid_of(user);
    if (!uid) return std::unexpected(uid.error());
    options.users.emplace(*uid, may);
  }
  options.tcp = asked.tcp;
  for (const auto& [may, token] : asked.tokens) options.tokens.push_back({token, may});
  options.hosts = asked.hosts;
  options.health = asked.health;
  if (asked.predecessor_metrics) options.names = control::metric_names::predecessors_too;
  return options;
}

}  // namespace lineshaft::cli
