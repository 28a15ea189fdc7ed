#include "market_data/analyze/leaderboard_row.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <format>
#include <iterator>

namespace market_data {
namespace {

using lineshaft::cache_field;

double ratio(double of, double to) { return to == 0 ? 0 : of / to; }

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

std::string json_text(std::string_view text) {
  if (std::ranges::any_of(text, needs_escape)) return boost::json::serialize(boost::json::string(text));
  return '"' + std::string(text) + '"';
}

// Every field but the symbol is a number, and stands as one.
void append(std::string& out, const cache_field& field) {
  out += ",\"";
  out += field.name;
  out += "\":";
  out += field.name == "symbol" ? json_text(field.value) : field.value;
}

// As std::format("{}") writes it.
template <class Number>
std::string number(Number value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

constexpr std::size_t json_size = 1024;  // more than a row mostly has

}  // namespace

leaderboard_row rank(const aggregate_event& event, const previous_day* before, double open_price) {
  leaderboard_row row{.event = event, .before = before == nullptr ? previous_day{.close = event.close} : *before};
  row.change = event.close - row.before.close;
  row.pct_change = 100 * ratio(row.change, row.before.close);
  row.change_since_open = event.close - open_price;
  row.pct_change_since_open = 100 * ratio(row.change_since_open, open_price);
  return row;
}

std::vector<cache_field> fields_of(const leaderboard_row& row) {
  const auto& [event, before, change, pct_change, change_since_open, pct_change_since_open] = row;
  // Free float and average volume come from a service that the example does not ask: 0, and 0 what follows from them.
  std::array fields{cache_field{"symbol", event.symbol},
                    cache_field{"volume", number(event.volume)},
                    cache_field{"free_float", "0"},
                    cache_field{"accumulated_volume", number(event.accumulated_volume)},
                    cache_field{"relative_volume", "0"},
                    cache_field{"official_open_price", number(event.official_open_price)},
                    cache_field{"vwap", number(event.vwap)},
                    cache_field{"open", number(event.open)},
                    cache_field{"close", number(event.close)},
                    cache_field{"high", number(event.high)},
                    cache_field{"low", number(event.low)},
                    cache_field{"aggregate_vwap", number(event.aggregate_vwap)},
                    cache_field{"average_size", number(event.average_size)},
                    cache_field{"avg_volume", "0"},
                    cache_field{"prev_day_close", number(before.close)},
                    cache_field{"prev_day_open", number(before.open)},
                    cache_field{"prev_day_high", number(before.high)},
                    cache_field{"prev_day_low", number(before.low)},
                    cache_field{"prev_day_volume", number(before.volume)},
                    cache_field{"prev_day_vwap", number(before.vwap)},
                    cache_field{"change", number(change)},
                    cache_field{"pct_change", number(pct_change)},
                    cache_field{"change_since_open", number(change_since_open)},
                    cache_field{"pct_change_since_open", number(pct_change_since_open)},
                    cache_field{"start_timestamp", number(event.start_timestamp)},
                    cache_field{"end_timestamp", number(event.end_timestamp)}};
  return {std::move_iterator(fields.begin()), std::move_iterator(fields.end())};
}

std::string to_json(const std::vector<cache_field>& fields) {
  std::string out;
  out.reserve(json_size);
  for (const auto& field : fields) append(out, field);
  if (out.empty()) return "{}";
  out.front() = '{';
  out += '}';
  return out;
}

std::string to_json(std::size_t rank, std::string_view score_name, const lineshaft::cache_score& score,
                    const std::vector<cache_field>& fields) {
  auto out = std::format("{{\"rank\":{},\"symbol\":{}", rank, json_text(score.member));
  bool has_score = false;
  for (const auto& field : fields) {
    if (field.name == "symbol") continue;
    has_score = has_score || field.name == score_name;
    append(out, field);
  }
  if (!has_score) append(out, {std::string(score_name), number(score.score)});
  out += '}';
  return out;
}

}  // namespace market_data
