#include "supervisor/endpoint.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "base/whole_number.hpp"

namespace lineshaft::supervisor {
namespace {

constexpr std::size_t most_sockets = 16;

std::string_view without_brackets(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

result<sys::endpoint> parse_endpoint(std::string_view text) {
  const auto cannot = "cannot listen at '" + std::string(text) + "': ";
  if (text.starts_with("unix:")) {
    text.remove_prefix(5);
    if (text.empty()) return fail(cannot + "expected a path after 'unix:'");
    return sys::unix_endpoint(std::string(text));
  }
  const auto colon = text.rfind(':');
  const auto port =
      colon == std::string_view::npos ? std::nullopt : whole_number<std::uint16_t>(text.substr(colon + 1));
  if (!port) return fail(cannot + "expected ADDRESS:PORT or unix:PATH");
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(without_brackets(text.substr(0, colon)), ec);
  if (ec) return fail(cannot + "expected a numeric address, like 127.0.0.1 or [::1]");
  if (address.is_v4()) return sys::tcp_endpoint(address.to_v4().to_bytes(), *port);
  return sys::tcp_endpoint(address.to_v6().to_bytes(), *port);
}

result<> check_listen(const std::map<std::string, std::string>& wanted) {
  if (wanted.size() > most_sockets)
    return fail(std::errc::invalid_argument,
                "it listens at " + std::to_string(wanted.size()) + " places, and 16 are possible");
  for (const auto& [name, endpoint] : wanted) {
    const auto fits = [](char c) { return c > ' ' && c < '\x7f' && c != ':'; };
    if (name.empty() || name.size() > 255 || !std::ranges::all_of(name, fits))
      return fail(
          std::errc::invalid_argument,
          "'" + name +
              "' cannot be the name of a socket: expected up to 255 printable characters without ':' and spaces");
    if (auto parsed = parse_endpoint(endpoint); !parsed) return std::unexpected(parsed.error());
  }
  return {};
}

}  // namespace lineshaft::supervisor
