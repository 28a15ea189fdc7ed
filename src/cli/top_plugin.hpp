#pragma once
// Between the command and lineshaft-top.so, which has the terminal UI in it: so that no manager and no worker loads
// libraries that only somebody who looks on needs.
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace lineshaft::cli {

/// A connection to the manager, for one thread.
class top_connection {
 public:
  virtual ~top_connection() = default;
  /// What the API answers, or in words why it does not. The values are in `memory`, if there is one, which outlives
  /// them.
  virtual std::expected<boost::json::value, std::string> ask(const std::string& method, const std::string& target,
                                                             const boost::json::value& body = nullptr,
                                                             boost::json::monotonic_resource* memory = nullptr) = 0;
  /// Hands over the data of each server-sent event until `take` says false, it is stopped, or the manager has gone.
  virtual void follow(const std::string& target, const std::function<bool(const boost::json::object&)>& take,
                      std::stop_token stop) = 0;
};

struct top_host {
  std::function<std::unique_ptr<top_connection>()> connect;  ///< callable from any thread
  std::chrono::milliseconds interval;                        ///< between two looks
  bool coloured = true;
};

inline constexpr auto top_plugin = "lineshaft-top.so";
inline constexpr auto top_symbol = "lineshaft_top";
/// Returns when somebody has left; gives the exit code.
using top_function = int(const top_host&);

}  // namespace lineshaft::cli
