#include "replay/table_decoder.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <format>
#include <map>

#include "replay/csv.hpp"
#include "replay/date.hpp"

namespace lineshaft::replay {

namespace {

enum column : std::size_t { date, open, high, low, close, volume, symbol, column_count };

constexpr std::array<std::string_view, column_count> column_names = {"date",  "open",   "high",  "low",
                                                                     "close", "volume", "symbol"};
constexpr auto missing = static_cast<std::size_t>(-1);
using column_places = std::array<std::size_t, column_count>;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::size_t find_column(std::string_view name) {
  if (name == "time" || name == "timestamp" || name == "datetime") return date;
  if (name == "ticker" || name == "sym") return symbol;
  return static_cast<std::size_t>(std::ranges::find(column_names, name) - column_names.begin());
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += std::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  out += '"';
}

// 100000000, not 1e+08, which is as good JSON, but not to every reader of a volume.
std::string number_text(double value) {
  constexpr double exact = 9007199254740992;
  if (std::abs(value) < exact && value == std::floor(value)) return std::to_string(static_cast<std::int64_t>(value));
  return std::format("{}", value);
}

class table_decoder final : public decoder {
 public:
  table_decoder(column_places places, std::size_t width, std::string symbol_of_all)
      : places_(places), width_(width), symbol_(std::move(symbol_of_all)) {}

  std::optional<std::string> decode(std::string_view line, std::vector<feed_event>& into) override {
    if (!split_csv(line, fields_)) return "a quote is not closed";
    if (fields_.size() != width_) return std::format("expected {} columns, found {}", width_, fields_.size());
    const auto when = parse_instant(field(date));
    if (!when) return "'" + field(date) + "' is no date";
    std::array<double, column_count> numbers{};
    for (const auto each : {open, high, low, close, volume}) {
      if (places_[each] == missing) continue;
      const auto number = parse_number(field(each));
      if (!number) return "'" + field(each) + "' is no number (" + std::string(column_names[each]) + ")";
      numbers[each] = *number;
    }
    if (places_[symbol] != missing) symbol_ = field(symbol);
    if (symbol_.empty()) return "the symbol is missing";
    if (!simdjson::validate_utf8(symbol_)) return "the symbol is no valid UTF-8";
    into.push_back(write(*when, numbers));
    return std::nullopt;
  }

  void restart() override { days_.clear(); }

 private:
  struct day {
    std::chrono::days number{-1};
    double open = 0, volume = 0;
  };

  const std::string& field(column which) const { return fields_[places_[which]]; }

  feed_event write(instant when, const std::array<double, column_count>& bar) {
    const auto number = std::chrono::floor<std::chrono::days>(when.time);
    auto& today = days_[symbol_];
    if (today.number != number) today = {number, bar[open], 0};
    today.volume += bar[volume];
    const auto length = when.whole_day ? std::chrono::milliseconds(std::chrono::days(1)) : std::chrono::minutes(1);
    const auto end = when.time + length;
    json_ = R"({"ev":"AM","sym":)";
    append_json_string(json_, symbol_);
    const auto add = [&](std::string_view name, double value) { json_.append(name).append(number_text(value)); };
    add(",\"v\":", bar[volume]);
    add(",\"av\":", today.volume);
    add(",\"op\":", today.open);
    add(",\"o\":", bar[open]);
    add(",\"c\":", bar[close]);
    add(",\"h\":", bar[high]);
    add(",\"l\":", bar[low]);
    json_ += std::format(",\"s\":{},\"e\":{}}}", when.time.count(), end.count());
    return {.json = json_, .type = "AM", .symbol = symbol_, .time = end};
  }

  column_places places_;
  std::size_t width_;
  std::string symbol_, json_;
  std::vector<std::string> fields_;
  std::map<std::string, day> days_;
};

}  // namespace

result<std::unique_ptr<decoder>> make_table_decoder(std::string_view header, std::string symbol_of_all) {
  std::vector<std::string> names;
  if (!split_csv(header, names)) return fail("expected a header: a quote is not closed");
  column_places places;
  places.fill(missing);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto which = find_column(lower(names[i]));
    if (which == column_count) continue;
    if (places[which] != missing) return fail("there are two columns for " + std::string(column_names[which]));
    places[which] = i;
  }
  for (const auto needed : {date, open, high, low, close}) {
    if (places[needed] != missing) continue;
    return fail("expected a header with date, open, high, low and close: there is no " +
                std::string(column_names[needed]) + " in '" + std::string(header.substr(0, 200)) + "'");
  }
  return std::make_unique<table_decoder>(places, names.size(), std::move(symbol_of_all));
}

}  // namespace lineshaft::replay
