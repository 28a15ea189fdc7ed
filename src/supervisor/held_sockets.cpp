#include "supervisor/held_sockets.hpp"

#include "supervisor/endpoint.hpp"
#include "sys/descriptor.hpp"

namespace lineshaft::supervisor {

held_sockets::~held_sockets() {
  for (const auto& [endpoint, socket] : sockets_) sys::remove_socket_file(*parse_endpoint(endpoint));
}

result<unique_fd> held_sockets::open(const std::string& endpoint) {
  auto held = sockets_.find(endpoint);
  if (held == sockets_.end()) {
    auto where = parse_endpoint(endpoint);
    if (!where) return std::unexpected(where.error());
    auto socket = sys::listen(*where);
    if (!socket) return fail(socket.error().code, "cannot listen at '" + endpoint + "'");
    held = sockets_.emplace(endpoint, std::move(*socket)).first;
  }
  return sys::duplicate(held->second.get());
}

result<std::vector<unique_fd>> held_sockets::open_all(const std::map<std::string, std::string>& wanted) {
  std::vector<unique_fd> opened;
  for (const auto& [name, endpoint] : wanted) {
    auto socket = open(endpoint);
    if (!socket) return std::unexpected(socket.error());
    opened.push_back(std::move(*socket));
  }
  return opened;
}

}  // namespace lineshaft::supervisor
