#include "market_data/analyze/pass_through.hpp"

#include <array>
#include <chrono>
#include <ranges>

namespace market_data {

using namespace std::chrono_literals;

destination destination_of(const event_head& event) {
  struct row {
    std::string_view type, prefix;
    std::chrono::seconds life;
  };
  static constexpr std::array<row, 5> table{{{"LULD", "stocks:luld:", 24h},
                                             {"A", "stocks:agg:", 300s},
                                             {"AM", "stocks:agg:", 300s},
                                             {"T", "stocks:trades:", 1h},
                                             {"Q", "stocks:quotes:", 1h}}};
  const auto found = std::ranges::find(table, event.event_type, &row::type);
  if (found == table.end() || event.symbol.empty()) return {"unknown:" + std::to_string(event.timestamp), 24h};
  return {std::string(found->prefix) + event.symbol, found->life};
}

boost::asio::awaitable<lineshaft::result<analysis>> pass_through::analyze(const lineshaft::message_batch& batch,
                                                                          lineshaft::cache& cache) {
  analysis counts{.decoding_errors = batch.malformed};
  std::map<std::string, std::pair<std::string_view, lineshaft::time_to_live>> newest;
  for (const auto& message : batch) {
    const auto head = reader_.head(message.body);
    if (!head) {
      ++counts.decoding_errors;
      continue;
    }
    ++counts.processed;
    auto [key, life] = destination_of(*head);
    newest.insert_or_assign(std::move(key), std::pair(message.body, life));
  }
  lineshaft::cache_batch writes;
  for (const auto& [key, value] : newest) writes.set(key, std::string(value.first), value.second);
  const auto applied = co_await cache.apply(writes);
  if (!applied) co_return std::unexpected(applied.error());
  counts.published = newest.size();
  co_return counts;
}

}  // namespace market_data
