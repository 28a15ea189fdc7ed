#pragma once
// What `run` prints, from several threads: events, and what the manager says of itself.
#include <mutex>
#include <string>

#include "cli/invocation.hpp"
#include "lineshaft/event.hpp"

namespace lineshaft::cli {

class plain_log {
 public:
  explicit plain_log(const common& asked);

  void tell(const event& what);
  /// Of the manager itself. Where events are JSON it goes to standard error: among them it would be none.
  void say(const std::string& text);

 private:
  std::mutex mutex_;
  bool json_, coloured_;
};

}  // namespace lineshaft::cli
