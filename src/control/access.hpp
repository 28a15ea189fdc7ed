#pragma once
// Who asks, and what they may do.
#include <sys/types.h>

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "control/message.hpp"

namespace lineshaft::control {

struct token_grant {
  std::string token;
  role may = role::read;
};

/// How a connection came.
enum class entrance {
  local,   ///< the Unix socket: the kernel says who it is
  remote,  ///< TCP: each request brings a token
  health,  ///< TCP without the API, open to everybody
};

struct access_rules {
  std::map<uid_t, role> users;      ///< beside root and the manager's own user, who are admin
  std::vector<token_grant> tokens;  ///< for TCP
  std::vector<std::string> hosts;   ///< that a request over TCP may name: "127.0.0.1:8080"
};

/// At the Unix socket, by the kernel's word.
role role_of_user(const access_rules& rules, uid_t peer, uid_t own);

/// At TCP, for one request. A name that is not ours in Host or Origin is a page in somebody's browser that has made
/// itself an address here (DNS rebinding), or sends a form: its answer comes back in place of a role.
std::expected<role, reply> role_of_request(const access_rules& rules, const request& asked);

}  // namespace lineshaft::control
