#pragma once
// A feed at the open of a trading day, out of nothing but a seed.
#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "market_data/generate/event_writer.hpp"
#include "market_data/generate/instrument.hpp"
#include "market_data/generate/random_source.hpp"
#include "market_data/generate/schedule.hpp"
#include "market_data/generate/totals.hpp"

namespace market_data {

struct generator_options {
  std::uint64_t seed = 1;
  schedule_options pace;
  std::uint64_t events = 0;  ///< if not 0: that many, however long it takes, instead of `pace.length`
  bool previous_day = true;  ///< begins with one event for each stock that tells its day before
};

class generator {
 public:
  /// One frame, a JSON array of 1 to 100 events, and its line feed. False: nothing more, please.
  using frame_sink = std::function<bool(std::string_view line)>;

  explicit generator(generator_options options);
  /// Hands out the whole feed.
  feed_totals run(const frame_sink& sink);

 private:
  void write_event(event_time now);
  void write_previous_day(const frame_sink& sink);
  void write_tick(event_time now, std::uint64_t events, const frame_sink& sink);
  void count(stream which);
  void end_frame(const frame_sink& sink);

  generator_options options_;
  random_source chance_;
  std::vector<instrument> instruments_;
  instrument_picker picker_;
  event_writer writer_;
  schedule schedule_;
  std::vector<std::int64_t> told_volume_;  // by the last aggregate of each instrument
  std::string frame_;
  std::uint32_t frame_events_ = 0;
  bool going_on_ = true;
  feed_totals totals_;
};

}  // namespace market_data
