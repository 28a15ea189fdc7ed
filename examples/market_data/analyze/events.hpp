#pragma once
// Messages of the queues, read: the long names of wire/names.hpp.
#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace market_data {

struct aggregate_event {
  std::string symbol;
  double volume = 0, accumulated_volume = 0, official_open_price = 0, vwap = 0, open = 0, close = 0, high = 0, low = 0,
         aggregate_vwap = 0, average_size = 0;
  std::int64_t start_timestamp = 0, end_timestamp = 0;  ///< ms since the epoch
};

struct trade_event {
  std::string symbol;
  double price = 0, size = 0;
  std::int64_t timestamp = 0, exchange = 0;
};

/// What the pass-through needs to know of any event.
struct event_head {
  std::string event_type, symbol;
  std::int64_t timestamp = 0;
};

/// Reads one message at a time; keeps its buffers. Nothing for bytes that are no JSON object.
class event_reader {
 public:
  std::optional<aggregate_event> aggregate(std::string_view body);
  std::optional<trade_event> trade(std::string_view body);
  std::optional<event_head> head(std::string_view body);

 private:
  template <class Event, class Take>
  std::optional<Event> read(std::string_view body, Take take);

  simdjson::ondemand::parser parser_;
  std::string padded_;
};

}  // namespace market_data
