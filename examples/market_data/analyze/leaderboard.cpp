#include "market_data/analyze/leaderboard.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <format>

namespace market_data {
namespace {

using namespace std::chrono_literals;
using lineshaft::cache_field;

constexpr std::size_t listed = 500;
constexpr auto day_key = "leaderboard:market:current_day_start";

struct board {
  const char* key;
  const char* scanner;
  const char* score;
};
constexpr std::array<board, 3> boards{{{"leaderboard:top_volume", "scanners:top_volume", "accumulated_volume"},
                                       {"leaderboard:top_gappers", "scanners:top_gappers", "pct_change"},
                                       {"leaderboard:top_gainers", "scanners:top_gainers", "pct_change_since_open"}}};

double number_of(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string to_text(const previous_day& day) {
  return boost::json::serialize(boost::json::object{{"close", day.close},
                                                    {"open", day.open},
                                                    {"high", day.high},
                                                    {"low", day.low},
                                                    {"volume", day.volume},
                                                    {"vwap", day.vwap}});
}

std::optional<previous_day> previous_day_from(const std::string& text) {
  boost::system::error_code ec;
  const auto parsed = boost::json::parse(text, ec);
  const auto* object = ec ? nullptr : parsed.if_object();
  if (object == nullptr) return std::nullopt;
  const auto field = [object](const char* name) {
    const auto* value = object->if_contains(name);
    return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
  };
  return previous_day{field("close"), field("open"), field("high"), field("low"), field("volume"), field("vwap")};
}

}  // namespace

boost::asio::awaitable<lineshaft::result<analysis>> leaderboard::analyze(const lineshaft::message_batch& batch,
                                                                         lineshaft::cache& cache) {
  analysis counts{.decoding_errors = batch.malformed};
  newest_.clear();
  for (const auto& message : batch) {
    const auto event = reader_.aggregate(message.body);
    if (!event) {
      ++counts.decoding_errors;
      continue;
    }
    if (event->symbol.empty() || event->end_timestamp <= 0) {
      ++counts.processing_errors;
      continue;
    }
    const std::chrono::milliseconds moment(event->end_timestamp);
    if (!now_.contains(moment)) now_ = trading_day_of(moment);
    auto turned = co_await turn_boards(moment, cache);
    if (!turned) co_return std::unexpected(turned.error());
    counts.published += *turned;
    auto& [symbol, known] = *stocks_.try_emplace(event->symbol).first;
    turn_day(known, now_.begin, symbol);
    ++counts.processed;
    if (is_late(moment)) continue;
    if (auto learned = co_await learn(known, *event, cache); !learned) co_return std::unexpected(learned.error());
    known.last = *event;
    newest_.insert_or_assign(symbol, rank(*event, known.before ? &*known.before : nullptr, known.open_price));
  }
  auto flushed = co_await flush(cache);
  if (!flushed) co_return std::unexpected(flushed.error());
  auto published = co_await publish_scanners(cache);
  if (!published) co_return std::unexpected(published.error());
  counts.published += *flushed + *published;
  co_return counts;
}

// Of a time that the boards no longer show, nor what the next rows are computed from.
bool leaderboard::is_late(std::chrono::milliseconds moment) const {
  return now_.begin < day_ || (moment < now_.open.time_since_epoch() && opened_ == now_.date);
}

// Writes what is computed so far. If that fails, the batch is analyzed again; what was learned is so only once.
leaderboard::awaitable<std::size_t> leaderboard::flush(lineshaft::cache& cache) {
  writes_ = learned_;
  if (!newest_.empty()) write(newest_);
  auto applied = co_await cache.apply(writes_);
  if (!applied) co_return std::unexpected(applied.error());
  learned_.clear();
  const auto rows = newest_.size();
  newest_.clear();
  co_return rows;
}

// What a moment clears is what was there before it: the events of a batch that are older are written first.
leaderboard::awaitable<std::size_t> leaderboard::turn_boards(std::chrono::milliseconds moment,
                                                             lineshaft::cache& cache) {
  const bool new_day = now_.begin > day_;
  const bool opens = now_.is_opening_minute(moment) && now_.begin >= day_ && opened_ != now_.date;
  if (!new_day && !opens) co_return std::size_t{0};
  auto flushed = co_await flush(cache);
  if (!flushed) co_return flushed;
  if (new_day) {
    if (auto begun = co_await begin_day(cache); !begun) co_return std::unexpected(begun.error());
    day_ = now_.begin;
  }
  if (opens) {
    if (auto reset = co_await reset_at_open(cache); !reset) co_return std::unexpected(reset.error());
    opened_ = now_.date;
  }
  co_return flushed;
}

// The boards are of one day: whoever sees the first event of a new one clears them, and only that one.
leaderboard::awaitable<void> leaderboard::begin_day(lineshaft::cache& cache) {
  const auto anchor = std::to_string(now_.begin.time_since_epoch().count());
  auto current = co_await cache.get(day_key);
  if (!current) co_return std::unexpected(current.error());
  if (*current && number_of(**current) >= number_of(anchor)) co_return lineshaft::result<>{};
  lineshaft::cache_batch reset;
  reset.set(day_key, anchor);
  for (const auto& board : boards) reset.remove(board.key);
  co_return co_await cache.apply(reset);
}

leaderboard::awaitable<void> leaderboard::reset_at_open(lineshaft::cache& cache) {
  if (resetting_ != now_.date) {
    auto first = co_await cache.set_if_absent("leaderboard:market:open_reset:" + now_.date, "1", 1h);
    if (!first) co_return std::unexpected(first.error());
    if (!*first) co_return lineshaft::result<>{};
    resetting_ = now_.date;  // nobody else will: also if the cache is gone before it is done
  }
  lineshaft::cache_batch reset;
  reset.remove("leaderboard:top_gainers");
  auto prices = co_await cache.keys("symbol:");
  if (!prices) co_return std::unexpected(prices.error());
  for (const auto& key : *prices) {
    if (key.ends_with(":open_price")) reset.remove(key);
  }
  for (auto& [symbol, known] : stocks_) known.open_price = 0;
  co_return co_await cache.apply(reset);
}

// The last aggregate of one day is the day before of the next.
void leaderboard::turn_day(stock& known, std::chrono::sys_seconds day, const std::string& symbol) {
  if (day <= known.day) return;
  if (known.last) {
    const auto& last = *known.last;
    known.before =
        previous_day{last.close, last.official_open_price, last.high, last.low, last.accumulated_volume, last.vwap};
    learned_.set("mdc:snapshots:" + symbol, to_text(*known.before), 8h);
    known.last.reset();
  }
  known.day = day;
  known.open_price = 0;
  known.asked = false;
}

// As a snapshot; or another leaderboard has seen the stock's day before, and its last row is still there.
leaderboard::awaitable<void> leaderboard::ask_for_day_before(stock& known, const std::string& symbol,
                                                             lineshaft::cache& cache) {
  auto snapshot = co_await cache.get("mdc:snapshots:" + symbol);
  if (!snapshot) co_return std::unexpected(snapshot.error());
  if (*snapshot) known.before = previous_day_from(**snapshot);
  if (known.before) co_return lineshaft::result<>{};
  auto fields = co_await cache.get_fields("symbol:" + symbol + ":data");
  if (!fields) co_return std::unexpected(fields.error());
  std::map<std::string_view, double> row;
  for (const auto& field : *fields) row[field.name] = number_of(field.value);
  const auto ended = std::chrono::milliseconds(static_cast<std::int64_t>(row["end_timestamp"]));
  if (fields->empty() || trading_day_of(ended).begin >= known.day) co_return lineshaft::result<>{};
  known.before = previous_day{row["close"], row["official_open_price"], row["high"],
                              row["low"],   row["accumulated_volume"],  row["vwap"]};
  learned_.set("mdc:snapshots:" + symbol, to_text(*known.before), 8h);
  co_return lineshaft::result<>{};
}

leaderboard::awaitable<void> leaderboard::learn(stock& known, const aggregate_event& event, lineshaft::cache& cache) {
  if (!known.before && !known.asked) {
    if (auto asked = co_await ask_for_day_before(known, event.symbol, cache); !asked) co_return asked;
    known.asked = true;
  }
  if (known.open_price != 0) co_return lineshaft::result<>{};
  const auto key = "symbol:" + event.symbol + ":open_price";
  auto cached = co_await cache.get(key);
  if (!cached) co_return std::unexpected(cached.error());
  known.open_price = *cached ? number_of(**cached) : event.open != 0 ? event.open : event.close;
  if (!*cached) learned_.set(key, std::format("{}", known.open_price), 24h);
  co_return lineshaft::result<>{};
}

void leaderboard::write(const std::map<std::string_view, leaderboard_row>& rows) {
  std::array<std::vector<lineshaft::cache_score>, boards.size()> scores;
  for (const auto& [name, row] : rows) {
    const std::string symbol(name);
    scores[0].push_back({symbol, row.event.accumulated_volume});
    scores[1].push_back({symbol, row.pct_change});
    scores[2].push_back({symbol, row.pct_change_since_open});
    auto fields = fields_of(row);
    writes_.set("quote:" + symbol, to_json(fields), 96h);
    writes_.set_fields("symbol:" + symbol + ":data", std::move(fields), 1h);
  }
  for (std::size_t index = 0; index < boards.size(); ++index) {
    writes_.add_scores(boards[index].key, std::move(scores[index]));
    writes_.trim(boards[index].key, listed);
  }
}

// Once a second, by whoever comes first.
leaderboard::awaitable<std::size_t> leaderboard::publish_scanners(lineshaft::cache& cache) {
  auto mine = co_await cache.set_if_absent("leaderboard:last_publish", "1", 1s);
  if (!mine) co_return std::unexpected(mine.error());
  if (!*mine) co_return std::size_t{0};
  lineshaft::cache_batch lists;
  for (const auto& board : boards) {
    auto best = co_await cache.top(board.key, listed);
    if (!best) co_return std::unexpected(best.error());
    std::string list;
    for (std::size_t index = 0; index < best->size(); ++index) {
      const auto& score = (*best)[index];
      auto fields = co_await cache.get_fields("symbol:" + score.member + ":data");
      if (!fields) co_return std::unexpected(fields.error());
      list += (index == 0 ? "[" : ",") + to_json(index + 1, board.score, score, *fields);
    }
    lists.set(board.scanner, list.empty() ? "[]" : list + "]", 96h);
  }
  auto applied = co_await cache.apply(lists);
  if (!applied) co_return std::unexpected(applied.error());
  co_return boards.size();
}

}  // namespace market_data
