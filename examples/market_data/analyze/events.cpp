#include "market_data/analyze/events.hpp"

namespace market_data {
namespace {

namespace json = simdjson::ondemand;

// A field that is null or of another type stays at its zero.
void take(json::value value, double& into) {
  double number = 0;
  if (value.get_double().get(number) == simdjson::SUCCESS) into = number;
}

void take(json::value value, std::int64_t& into) {
  std::int64_t number = 0;
  if (value.get_int64().get(number) == simdjson::SUCCESS) into = number;
}

void take(json::value value, std::string& into) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) into = text;
}

void take_aggregate(std::string_view key, json::value value, aggregate_event& event) {
  if (key == "symbol")
    take(value, event.symbol);
  else if (key == "volume")
    take(value, event.volume);
  else if (key == "accumulated_volume")
    take(value, event.accumulated_volume);
  else if (key == "official_open_price")
    take(value, event.official_open_price);
  else if (key == "vwap")
    take(value, event.vwap);
  else if (key == "open")
    take(value, event.open);
  else if (key == "close")
    take(value, event.close);
  else if (key == "high")
    take(value, event.high);
  else if (key == "low")
    take(value, event.low);
  else if (key == "aggregate_vwap")
    take(value, event.aggregate_vwap);
  else if (key == "average_size")
    take(value, event.average_size);
  else if (key == "start_timestamp")
    take(value, event.start_timestamp);
  else if (key == "end_timestamp")
    take(value, event.end_timestamp);
}

void take_trade(std::string_view key, json::value value, trade_event& event) {
  if (key == "symbol")
    take(value, event.symbol);
  else if (key == "price")
    take(value, event.price);
  else if (key == "size")
    take(value, event.size);
  else if (key == "timestamp")
    take(value, event.timestamp);
  else if (key == "exchange")
    take(value, event.exchange);
}

void take_head(std::string_view key, json::value value, event_head& event) {
  if (key == "symbol" || key == "sym")
    take(value, event.symbol);
  else if (key == "event_type" || key == "ev")
    take(value, event.event_type);
  else if (key == "timestamp" || key == "t")
    take(value, event.timestamp);
}

}  // namespace

template <class Event, class Take>
std::optional<Event> event_reader::read(std::string_view body, Take take_field) {
  padded_.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  padded_.assign(body);
  try {
    json::document document = parser_.iterate(padded_.data(), body.size(), padded_.capacity());
    Event event;
    for (auto field : document.get_object()) {
      const std::string_view key = field.escaped_key();
      take_field(key, field.value(), event);
    }
    return event;
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

std::optional<aggregate_event> event_reader::aggregate(std::string_view body) {
  return read<aggregate_event>(body, take_aggregate);
}
std::optional<trade_event> event_reader::trade(std::string_view body) { return read<trade_event>(body, take_trade); }
std::optional<event_head> event_reader::head(std::string_view body) { return read<event_head>(body, take_head); }

}  // namespace market_data
