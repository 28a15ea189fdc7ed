#include "market_data/analyze/leaderboard_row.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <format>

namespace market_data {
namespace {

double ratio(double of, double to) { return to == 0 ? 0 : of / to; }

std::string json_text(std::string_view text) { return boost::json::serialize(boost::json::string(text)); }

// Every field but the symbol is a number, and stands as one.
void append(std::string& out, const lineshaft::cache_field& field) {
  out += ',' + json_text(field.name) + ':' + (field.name == "symbol" ? json_text(field.value) : field.value);
}

}  // namespace

leaderboard_row rank(const aggregate_event& event, const previous_day* before, double open_price) {
  leaderboard_row row{.event = event, .before = before == nullptr ? previous_day{.close = event.close} : *before};
  row.change = event.close - row.before.close;
  row.pct_change = 100 * ratio(row.change, row.before.close);
  row.change_since_open = event.close - open_price;
  row.pct_change_since_open = 100 * ratio(row.change_since_open, open_price);
  return row;
}

std::vector<lineshaft::cache_field> fields_of(const leaderboard_row& row) {
  const auto& [event, before, change, pct_change, change_since_open, pct_change_since_open] = row;
  const auto number = [](auto value) { return std::format("{}", value); };
  // Free float and average volume come from a service that the example does not ask: 0, and 0 what follows from them.
  return {{"symbol", event.symbol},
          {"volume", number(event.volume)},
          {"free_float", "0"},
          {"accumulated_volume", number(event.accumulated_volume)},
          {"relative_volume", "0"},
          {"official_open_price", number(event.official_open_price)},
          {"vwap", number(event.vwap)},
          {"open", number(event.open)},
          {"close", number(event.close)},
          {"high", number(event.high)},
          {"low", number(event.low)},
          {"aggregate_vwap", number(event.aggregate_vwap)},
          {"average_size", number(event.average_size)},
          {"avg_volume", "0"},
          {"prev_day_close", number(before.close)},
          {"prev_day_open", number(before.open)},
          {"prev_day_high", number(before.high)},
          {"prev_day_low", number(before.low)},
          {"prev_day_volume", number(before.volume)},
          {"prev_day_vwap", number(before.vwap)},
          {"change", number(change)},
          {"pct_change", number(pct_change)},
          {"change_since_open", number(change_since_open)},
          {"pct_change_since_open", number(pct_change_since_open)},
          {"start_timestamp", number(event.start_timestamp)},
          {"end_timestamp", number(event.end_timestamp)}};
}

std::string to_json(const std::vector<lineshaft::cache_field>& fields) {
  std::string out;
  for (const auto& field : fields) append(out, field);
  if (out.empty()) return "{}";
  out.front() = '{';
  return out + '}';
}

std::string to_json(std::size_t rank, std::string_view score_name, const lineshaft::cache_score& score,
                    const std::vector<lineshaft::cache_field>& fields) {
  auto out = std::format("{{\"rank\":{},\"symbol\":{}", rank, json_text(score.member));
  bool has_score = false;
  for (const auto& field : fields) {
    if (field.name == "symbol") continue;
    has_score = has_score || field.name == score_name;
    append(out, field);
  }
  if (!has_score) append(out, {std::string(score_name), std::format("{}", score.score)});
  return out + '}';
}

}  // namespace market_data
