#pragma once
// Asks one worker, again and again, whether it is ready: a TCP connection, or an HTTP request.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "policy/probe_target.hpp"
#include "policy/probing.hpp"

namespace lineshaft::supervisor {

/// On the loop's thread. Destroyed, it asks no more and tells nothing.
class readiness_probe {
 public:
  /// Ready or not, when that changes; and why not, also when it does not change.
  using on_answer = std::function<void(std::optional<bool> changed, const std::string& why_not)>;

  readiness_probe(boost::asio::io_context& loop, policy::probe_target target, on_answer take);
  ~readiness_probe();
  readiness_probe(const readiness_probe&) = delete;
  readiness_probe& operator=(const readiness_probe&) = delete;

 private:
  class question;

  void ask();
  void answered(const std::string& why_not);

  boost::asio::io_context& loop_;
  policy::probe_target target_;
  on_answer take_;
  policy::probing state_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<question> asking_;
};

}  // namespace lineshaft::supervisor
