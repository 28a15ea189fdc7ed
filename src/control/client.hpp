#pragma once
// The other side of the control server: asks a manager over its Unix socket. Synchronous, for a program's own thread.
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "lineshaft/error.hpp"

namespace lineshaft::control {

struct response {
  unsigned status = 0;
  std::string content_type;
  std::string body;
};

/// One of a stream of server-sent events.
struct server_event {
  std::string id, type, data;
};

/// For one thread at a time. Keeps its connection between requests; a manager that has gone and come back is found
/// again by the next one.
class client {
 public:
  /// Nothing is connected yet.
  explicit client(std::string socket);
  ~client();
  client(client&&) noexcept;
  client& operator=(client&&) noexcept;

  /// Any answer that came within `patience`.
  result<response> send(const std::string& method, const std::string& target, const std::string& body = {},
                        std::chrono::milliseconds patience = std::chrono::seconds(30));
  /// What an answer with success says: in `memory`, which outlives it, or in memory that goes with the last of its
  /// values. Of a refusal the error is its detail.
  result<boost::json::value> ask(const std::string& method, const std::string& target,
                                 const boost::json::value& body = nullptr,
                                 std::chrono::milliseconds patience = std::chrono::seconds(30),
                                 boost::json::monotonic_resource* memory = nullptr);
  /// Hands over each event of a stream until `take` says false, or the other side ends it.
  result<> follow(const std::string& target, const std::function<bool(const server_event&)>& take,
                  std::stop_token stop = {});

 private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

/// The error says that no manager is running there.
bool nobody_is_there(const error& why);

}  // namespace lineshaft::control
