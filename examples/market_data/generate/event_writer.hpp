#pragma once
// One event after the other as the vendor writes it.
#include <chrono>
#include <cstdint>
#include <string>

#include "market_data/generate/instrument.hpp"
#include "market_data/generate/random_source.hpp"

namespace market_data {

using event_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// Lets an instrument trade, and appends what the feed would say of it. Each event is one JSON object.
class event_writer {
 public:
  explicit event_writer(random_source chance) : chance_(chance) {}

  void trade(instrument&, event_time now, std::string& out);
  void quote(const instrument&, event_time now, std::string& out);
  /// The last full second; the instrument starts a new window.
  void aggregate(instrument&, event_time now, std::string& out);
  void halt(const instrument&, event_time now, std::string& out);
  /// The whole of the day before, as the minute that ended at `close` tells it.
  void previous_day(const instrument&, event_time close, std::string& out);

 private:
  std::int64_t deal(instrument&);

  random_source chance_;
  std::uint64_t sequence_ = 1'000'000;
};

}  // namespace market_data
