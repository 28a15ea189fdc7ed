#include "control/access.hpp"

#include <algorithm>
#include <ranges>

#include "control/problem.hpp"

namespace lineshaft::control {
namespace {

std::string header(const request& asked, const std::string& name) {
  const auto found = asked.headers.find(name);
  return found == asked.headers.end() ? std::string() : found->second;
}

// RFC 9110, 4.2.3: in whatever letters it is written.
bool is_ours(const access_rules& rules, const std::string& host) {
  return std::ranges::contains(rules.hosts, small(host), small);
}

// A page of our own name, which may have come by a proxy that encrypts.
bool is_our_page(const access_rules& rules, const std::string& origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (small(origin).starts_with(scheme)) return is_ours(rules, origin.substr(scheme.size()));
  }
  return false;
}

// The time that it takes tells nothing about where they differ.
bool same_secret(const std::string& one, const std::string& other) {
  if (one.size() != other.size()) return false;
  unsigned char difference = 0;
  for (const auto& [left, right] : std::views::zip(one, other)) {
    difference |= static_cast<unsigned char>(left) ^ static_cast<unsigned char>(right);
  }
  return difference == 0;
}

role role_of_token(const access_rules& rules, const std::string& authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (!small(authorization.substr(0, scheme.size())).starts_with(scheme)) return role::nobody;
  const auto given = authorization.substr(scheme.size());
  auto may = role::nobody;
  for (const auto& grant : rules.tokens) {
    if (same_secret(grant.token, given)) may = std::max(may, grant.may);
  }
  return may;
}

}  // namespace

role role_of_user(const access_rules& rules, uid_t peer, uid_t own) {
  if (peer == own || peer == 0) return role::admin;
  const auto found = rules.users.find(peer);
  return found == rules.users.end() ? role::nobody : found->second;
}

std::expected<role, reply> role_of_request(const access_rules& rules, const request& asked) {
  const auto host = header(asked, "host");
  if (!is_ours(rules, host)) return std::unexpected(problem(421, "'" + host + "' is not the name of this server"));
  const auto origin = header(asked, "origin");
  if (!origin.empty() && !is_our_page(rules, origin)) {
    return std::unexpected(problem(403, "requests out of pages of '" + origin + "' are not answered"));
  }
  return role_of_token(rules, header(asked, "authorization"));
}

}  // namespace lineshaft::control
