#pragma once
// Where the metrics of a manager are read from.
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>

#include "supervisor/event_log.hpp"
#include "supervisor/manager_metrics.hpp"
#include "supervisor/supervisor.hpp"

namespace lineshaft::supervisor {

/// Lives as long as what it reads from.
class manager_readings {
 public:
  manager_readings(boost::asio::io_context& loop, const directory& workers, const supervisor& core,
                   const event_log& events)
      : loop_(loop), workers_(workers), core_(core), events_(events) {}

  metric_source source();

 private:
  struct ping;
  /// How long the loop took to come to the last ping, or has taken so far; and the next one.
  std::optional<double> lag();

  boost::asio::io_context& loop_;
  const directory& workers_;
  const supervisor& core_;
  const event_log& events_;
  std::shared_ptr<ping> ping_;
};

}  // namespace lineshaft::supervisor
