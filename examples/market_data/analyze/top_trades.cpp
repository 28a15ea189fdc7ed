#include "market_data/analyze/top_trades.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <format>
#include <map>

namespace market_data {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kept_trades = 1000;
constexpr std::size_t listed = 100;
constexpr std::string_view prefix = "tta:", suffix = ":recent";

}  // namespace

double trade_statistics::average_size() const {
  return trade_count == 0 ? 0 : std::round(total_volume / static_cast<double>(trade_count) * 100) / 100;
}

trade_statistics statistics_of(const std::vector<std::string>& trades, event_reader& reader) {
  trade_statistics all;
  for (const auto& text : trades) {
    const auto trade = reader.trade(text);
    if (!trade) continue;
    ++all.trade_count;
    all.total_volume += trade->size;
    all.max_size = std::max(all.max_size, trade->size);
    if (all.trade_count == 1 || trade->timestamp < all.first_timestamp) all.first_timestamp = trade->timestamp;
    if (all.trade_count > 1 && trade->timestamp < all.latest_timestamp) continue;
    all.latest_timestamp = trade->timestamp;
    all.latest_price = trade->price;
    all.latest_exchange = trade->exchange;
  }
  return all;
}

std::string to_json(const std::string& symbol, const trade_statistics& of) {
  return std::format(
      R"({{"symbol":"{}","total_volume":{},"trade_count":{},"avg_size":{},"max_size":{},"time_span_ms":{},)"
      R"("latest_price":{},"latest_timestamp":{},"latest_exchange":{}}})",
      symbol, of.total_volume, of.trade_count, of.average_size(), of.max_size, of.latest_timestamp - of.first_timestamp,
      of.latest_price, of.latest_timestamp, of.latest_exchange);
}

boost::asio::awaitable<lineshaft::result<analysis>> top_trades::analyze(const lineshaft::message_batch& batch,
                                                                        lineshaft::cache& cache) {
  analysis counts{.decoding_errors = batch.malformed};
  std::map<std::string, std::vector<std::string>> newest;
  std::int64_t now = 0;
  for (const auto& message : batch) {
    const auto trade = reader_.trade(message.body);
    if (!trade) {
      ++counts.decoding_errors;
    } else if (trade->symbol.empty()) {
      ++counts.processing_errors;
    } else {
      ++counts.processed;
      now = std::max(now, trade->timestamp);
      newest[trade->symbol].emplace_back(message.body);
    }
  }
  lineshaft::cache_batch writes;
  for (auto& [symbol, trades] : newest)
    writes.push_all(std::format("{}{}{}", prefix, symbol, suffix), std::move(trades), kept_trades, 300s);
  const auto applied = co_await cache.apply(writes);
  if (!applied) co_return std::unexpected(applied.error());
  auto published = co_await publish(cache, now);
  if (!published) co_return std::unexpected(published.error());
  counts.published = counts.processed + *published;
  co_return counts;
}

// Every five seconds, by whoever comes first.
boost::asio::awaitable<lineshaft::result<std::size_t>> top_trades::publish(lineshaft::cache& cache, std::int64_t now) {
  auto mine = co_await cache.set_if_absent("tta:last_publish", "1", 5s);
  if (!mine) co_return std::unexpected(mine.error());
  if (!*mine) co_return std::size_t{0};
  auto keys = co_await cache.keys(std::string(prefix));
  if (!keys) co_return std::unexpected(keys.error());
  std::vector<std::pair<std::string, trade_statistics>> symbols;
  for (const auto& key : *keys) {
    if (!key.ends_with(suffix)) continue;
    auto trades = co_await cache.range(key, kept_trades);
    if (!trades) co_return std::unexpected(trades.error());
    const auto symbol = key.substr(prefix.size(), key.size() - prefix.size() - suffix.size());
    symbols.emplace_back(symbol, statistics_of(*trades, reader_));
  }
  std::ranges::sort(symbols, std::greater(), [](const auto& entry) { return entry.second.total_volume; });
  std::string all;
  lineshaft::cache_batch writes;
  for (std::size_t index = 0; index < symbols.size(); ++index) {
    const auto& [symbol, statistics] = symbols[index];
    auto text = to_json(symbol, statistics);
    all += (index == 0 ? "" : ",") + std::format("\"{}\":", symbol) + text;
    if (index < listed) writes.set("tta:" + symbol + ":widget", std::move(text), 60s);
  }
  const auto results = writes.commands().size() + 1;
  writes.set("tta:all_symbols:widget",
             std::format(R"({{"timestamp":{},"symbols":{{{}}},"symbol_count":{}}})", now, all, symbols.size()), 60s);
  const auto applied = co_await cache.apply(writes);
  if (!applied) co_return std::unexpected(applied.error());
  co_return results;
}

}  // namespace market_data
