#include "policy/probe_target.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/whole_number.hpp"

namespace lineshaft::policy {
namespace {

constexpr std::string_view expected = "expected tcp:ADDRESS:PORT or http://ADDRESS:PORT/PATH";

std::optional<std::uint16_t> port_in(std::string_view text) {
  const auto port = whole_number<std::uint16_t>(text);
  return port == 0 ? std::nullopt : port;
}

bool is_address(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

// HOST, HOST:PORT, [HOST]:PORT; without a port: `otherwise`.
result<probe_target> parse_authority(std::string_view text, std::optional<std::uint16_t> otherwise) {
  const auto bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const auto port = colon == std::string_view::npos ? otherwise : port_in(text.substr(colon + 1));
  if (!port) return fail(std::string(expected));
  std::string host(text.substr(0, colon));
  if (bracket != std::string_view::npos) host = host.substr(1, host.size() - 2);
  probe_target target{
      .address = host == "localhost" ? "127.0.0.1" : host, .port = *port, .host = std::string(text), .path = {}};
  if (!is_address(target.address))
    return fail("expected a numeric address or localhost, like 127.0.0.1 or [::1], and not '" + host + "'");
  return target;
}

result<probe_target> parse_url(std::string_view rest) {
  const auto slash = std::min(rest.find_first_of("/?#"), rest.size());
  auto target = parse_authority(rest.substr(0, slash), 80);
  if (!target) return target;
  target->path = rest.substr(slash, rest.find('#') - slash);
  if (!target->path.starts_with('/')) target->path.insert(0, "/");
  const auto is_printable = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::ranges::all_of(target->path, is_printable)) return fail("expected no spaces in the path of a URL");
  return target;
}

result<probe_target> parse(std::string_view text) {
  if (text.starts_with("tcp:")) return parse_authority(text.substr(4), std::nullopt);
  if (text.starts_with("http:http:")) text.remove_prefix(5);
  if (text.starts_with("http://")) return parse_url(text.substr(7));
  return fail(std::string(expected));
}

}  // namespace

result<probe_target> parse_probe(std::string_view text) {
  auto target = parse(text);
  if (!target)
    return fail(std::errc::invalid_argument, "cannot probe '" + std::string(text) + "': " + target.error().doing);
  return target;
}

result<std::optional<probe_target>> probe_of(const start_options& how) {
  if (how.ready == ready_when::probe) return parse_probe(how.probe);
  if (how.probe.empty()) return std::nullopt;
  return fail(std::errc::invalid_argument, "the probe '" + how.probe + "' is only asked with ready_when::probe");
}

}  // namespace lineshaft::policy
