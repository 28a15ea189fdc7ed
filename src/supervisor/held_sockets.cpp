#include "supervisor/held_sockets.hpp"

#include "supervisor/endpoint.hpp"
#include "sys/descriptor.hpp"

namespace lineshaft::supervisor {
namespace {

// Each is a descriptor of the manager.
constexpr std::size_t most_sockets = 1024;

}  // namespace

held_sockets::~held_sockets() {
  for (const auto& [endpoint, held] : sockets_) sys::remove_socket_file(*parse_endpoint(endpoint));
}

result<unique_fd> held_sockets::open(const std::string& endpoint, const std::string& worker) {
  auto found = sockets_.find(endpoint);
  if (found == sockets_.end()) {
    auto where = parse_endpoint(endpoint);
    if (!where) return std::unexpected(where.error());
    if (sockets_.size() >= most_sockets)
      return fail(std::errc::too_many_files_open, "cannot listen at '" + endpoint + "': the manager holds " +
                                                      std::to_string(most_sockets) + " sockets already");
    auto socket = sys::listen(*where);
    if (!socket) return fail(socket.error().code, "cannot listen at '" + endpoint + "'");
    found = sockets_.emplace(endpoint, held{std::move(*socket), {}}).first;
  }
  found->second.users.insert(worker);
  return sys::duplicate(found->second.socket.get());
}

result<std::vector<unique_fd>> held_sockets::open_all(const std::map<std::string, std::string>& wanted,
                                                      const std::string& worker) {
  std::vector<unique_fd> opened;
  for (const auto& [name, endpoint] : wanted) {
    auto socket = open(endpoint, worker);
    if (!socket) return std::unexpected(socket.error());
    opened.push_back(std::move(*socket));
  }
  return opened;
}

void held_sockets::keep(const std::string& worker, const std::set<std::string>& used) {
  std::erase_if(sockets_, [&](auto& one) {
    auto& [endpoint, held] = one;
    if (used.contains(endpoint) || held.users.erase(worker) == 0 || !held.users.empty()) return false;
    sys::remove_socket_file(*parse_endpoint(endpoint));
    return true;
  });
}

}  // namespace lineshaft::supervisor
