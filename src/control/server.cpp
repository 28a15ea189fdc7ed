#include "control/server.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <optional>
#include <thread>
#include <vector>

#include "base/whole_number.hpp"
#include "control/door.hpp"
#include "supervisor/endpoint.hpp"
#include "sys/listen.hpp"

namespace lineshaft::control {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string("Unknown") : value;
}

std::uint64_t number(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? 0 : whole_number<std::uint64_t>(value).value_or(0);
}

service_identity identity_of(const std::string& pipeline) {
  return {pipeline, environment("CONTAINER_IMAGE"), environment("IMAGE_VERSION"), number("PREFETCH_COUNT"),
          number("MAX_CONCURRENCY")};
}

}  // namespace

class server::implementation {
 public:
  implementation(process_manager& manager, server_options options, program_hooks hooks)
      : options_(std::move(options)),
        rules_{options_.users, options_.tokens, {}},
        service_{identity_of(options_.pipeline), options_.names, manager, std::move(hooks), loop_} {}
  ~implementation();

  result<> listen();
  std::uint16_t tcp_port() const { return tcp_port_; }
  std::uint16_t health_port() const { return health_port_; }
  void open() {
    for (auto& one : doors_) one->open();
    thread_ = std::thread([this] { loop_->run(); });
  }

 private:
  result<> listen_locally();
  result<std::uint16_t> listen_at(const std::string& where, entrance how);
  result<> check_tokens() const;
  void name_hosts();
  void open_door(unique_fd listening, int family, entrance how);
  void close();
  void leave_if_empty();

  server_options options_;
  access_rules rules_;
  // Shared, so that an answer that comes too late finds out that nobody waits for it.
  std::shared_ptr<boost::asio::io_context> loop_ = std::make_shared<boost::asio::io_context>(1);
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_->get_executor()};
  service service_;
  std::vector<std::unique_ptr<door>> doors_;
  std::optional<subscription> events_;
  sys::endpoint at_;
  std::uint16_t tcp_port_ = 0, health_port_ = 0;
  boost::asio::steady_timer farewell_{*loop_};
  std::thread thread_;
};

result<> server::implementation::listen() {
  if (!options_.tcp.empty()) {
    if (auto strong = check_tokens(); !strong) return strong;
    auto port = listen_at(options_.tcp, entrance::remote);
    if (!port) return std::unexpected(port.error());
    tcp_port_ = *port;
    name_hosts();
  }
  if (!options_.health.empty()) {
    auto port = listen_at(options_.health, entrance::health);
    if (!port) return std::unexpected(port.error());
    health_port_ = *port;
  }
  // Last: who finds the socket finds everything else.
  if (auto listens = listen_locally(); !listens) return listens;
  events_ = service_.manager.subscribe(
      [this](const event& one) { boost::asio::post(*loop_, [this, one] { service_.events->add(one.seq, one); }); });
  return {};
}

result<> server::implementation::listen_locally() {
  auto where = sys::unix_endpoint(options_.socket);
  if (!where) return std::unexpected(where.error());
  auto socket = sys::listen(*where, 0600);
  if (!socket) return fail(socket.error().code, "cannot listen at '" + options_.socket + "'");
  // Others than these are let in to be told that they may not.
  if (!options_.users.empty()) {
    if (auto opened = sys::open_to_everybody(*where); !opened) return opened;
  }
  at_ = *where;
  open_door(std::move(*socket), at_.family, entrance::local);
  return {};
}

result<std::uint16_t> server::implementation::listen_at(const std::string& where, entrance how) {
  auto endpoint = supervisor::parse_endpoint(where);
  if (!endpoint) return std::unexpected(endpoint.error());
  if (!endpoint->path.empty()) return fail("cannot listen at '" + where + "': expected ADDRESS:PORT");
  auto socket = sys::listen(*endpoint);
  if (!socket) return fail(socket.error().code, "cannot listen at '" + where + "'");
  const auto port = sys::port_of(socket->get());
  open_door(std::move(*socket), endpoint->family, how);
  return port;
}

result<> server::implementation::check_tokens() const {
  const auto cannot = "cannot serve the API at '" + options_.tcp + "': ";
  if (options_.tokens.empty()) return fail(cannot + "it needs a token");
  for (const auto& grant : options_.tokens) {
    if (grant.token.size() < shortest_token) return fail(cannot + "a token has 20 characters or more");
  }
  return {};
}

// What a request may call this server: the address that it listens at, "localhost" where that is meant, and what it
// was told.
void server::implementation::name_hosts() {
  const auto address = options_.tcp.substr(0, options_.tcp.rfind(':'));
  rules_.hosts = options_.hosts;
  for (const auto& name : {address, std::string("localhost")}) {
    rules_.hosts.push_back(name + ":" + std::to_string(tcp_port_));
    if (tcp_port_ == 80) rules_.hosts.push_back(name);
  }
}

void server::implementation::open_door(unique_fd listening, int family, entrance how) {
  doors_.push_back(std::make_unique<door>(*loop_, std::move(listening), family, how, service_, rules_, options_.most));
}

void server::implementation::close() {
  for (auto& one : doors_) one->close([this] { leave_if_empty(); });
  farewell_.expires_after(options_.most.farewell);
  farewell_.async_wait([this](const auto&) { loop_->stop(); });
  leave_if_empty();
}

void server::implementation::leave_if_empty() {
  if (std::ranges::all_of(doors_, [](const auto& one) { return one->is_empty(); })) loop_->stop();
}

server::implementation::~implementation() {
  sys::remove_socket_file(at_);
  events_.reset();
  if (!thread_.joinable()) return;
  boost::asio::post(*loop_, [this] { close(); });
  thread_.join();
}

result<std::unique_ptr<server>> server::listen(process_manager& manager, server_options options, program_hooks hooks) {
  auto made = std::make_unique<implementation>(manager, std::move(options), std::move(hooks));
  if (auto listens = made->listen(); !listens) return std::unexpected(listens.error());
  return std::unique_ptr<server>(new server(std::move(made)));
}

server::server(std::unique_ptr<implementation> made) : implementation_(std::move(made)) {}
server::~server() = default;

void server::open() { implementation_->open(); }

std::uint16_t server::tcp_port() const { return implementation_->tcp_port(); }
std::uint16_t server::health_port() const { return implementation_->health_port(); }

}  // namespace lineshaft::control
