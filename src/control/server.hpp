#pragma once
// The control server of one manager: HTTP over a Unix socket, and over TCP when asked for. It runs on a thread of its
// own, so that a slow or hostile client costs the supervisor nothing.
#include <memory>
#include <string>

#include "control/access.hpp"
#include "control/limits.hpp"
#include "control/service.hpp"
#include "lineshaft/error.hpp"
#include "lineshaft/process_manager.hpp"

namespace lineshaft::control {

struct server_options {
  std::string pipeline;             ///< its name
  std::string socket;               ///< path of the Unix socket
  std::map<uid_t, role> users;      ///< who else may use it; the socket is then open to all, and others are refused
  std::string tcp;                  ///< "127.0.0.1:8080": the API there, too; empty: not at all
  std::vector<token_grant> tokens;  ///< for it: at least one, of 20 characters or more
  std::vector<std::string> hosts;   ///< its other names: "lineshaft.example:8080"
  std::string health;               ///< "0.0.0.0:8081": /metrics and what tells of health alone, for everybody
  metric_names names = metric_names::ours;
  limits most;
};

class server {
 public:
  /// Listens when this returns: who comes before `open` waits for it. The manager outlives it.
  static result<std::unique_ptr<server>> listen(process_manager& manager, server_options options,
                                                program_hooks hooks = {});
  /// Answers that are under way have a second to be sent.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Once. Answers from now on.
  void open();

  /// Where it listens at TCP, 0 if it does not.
  std::uint16_t tcp_port() const;
  std::uint16_t health_port() const;

 private:
  class implementation;
  explicit server(std::unique_ptr<implementation> made);
  std::unique_ptr<implementation> implementation_;
};

}  // namespace lineshaft::control
