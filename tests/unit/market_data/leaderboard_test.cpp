// A day of aggregates through the whole processor: what the boards show, and what clears them.
#include <gtest/gtest.h>

#include <algorithm>
#include <format>
#include <map>

#include "lineshaft/cache.hpp"
#include "market_data/analyze/analyzer.hpp"
#include "market_data/workers/processor.hpp"
#include "support/files.hpp"
#include "worker_bench.hpp"

using namespace market_data;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

// 2025-06-03 04:00 in New York.
constexpr sys_seconds day_begin = sys_days(2025y / June / 3) + 8h;
constexpr auto open_of_day = day_begin + 5h + 30min;

struct aggregate {
  const char* symbol;
  sys_seconds ends;
  double open, close, volume;
};

std::string body_of(const aggregate& of) {
  const auto end = milliseconds(of.ends.time_since_epoch()).count();
  return std::format(R"({{"event_type":"A","symbol":"{}","volume":1,"accumulated_volume":{},"official_open_price":{},)"
                     R"("vwap":{},"open":{},"close":{},"high":{},"low":{},"aggregate_vwap":1,"average_size":1,)"
                     R"("start_timestamp":{},"end_timestamp":{},"otc":null}})",
                     of.symbol, of.volume, of.open, of.close, of.open, of.close, of.close, of.open, end - 1000, end);
}

std::vector<std::string> bodies_of(const std::vector<aggregate>& all) {
  std::vector<std::string> bodies;
  for (const auto& one : all) bodies.push_back(body_of(one));
  return bodies;
}

using scores = std::map<std::string, double>;

/// What the boards and the prices say, read from the cache.
class reading {
 public:
  explicit reading(const std::string& url)
      : cache_(support::run(loop_, lineshaft::open_cache(loop_.get_executor(), url)).value()) {}

  scores board(const std::string& name) {
    const auto best = run(cache_->top("leaderboard:" + name, 500)).value();
    scores all;
    for (const auto& one : best) all[one.member] = one.score;
    return all;
  }
  std::string value(const std::string& key) { return run(cache_->get(key)).value().value_or("-"); }
  std::string field(const std::string& symbol, const std::string& name) {
    const auto fields = run(cache_->get_fields("symbol:" + symbol + ":data")).value();
    const auto found = std::ranges::find(fields, name, &lineshaft::cache_field::name);
    return found == fields.end() ? "-" : found->value;
  }
  lineshaft::cache& cache() { return *cache_; }
  template <class T>
  T run(boost::asio::awaitable<T> coroutine) {
    return support::run(loop_, std::move(coroutine));
  }

 private:
  boost::asio::io_context loop_{1};
  std::unique_ptr<lineshaft::cache> cache_;
};

class leaderboard_days : public testing::Test {
 protected:
  /// A processor of its own, as after a restart, handles these; each list is one batch.
  void through_a_processor(const std::vector<std::vector<aggregate>>& batches) {
    test::worker_bench bench;
    market_data_processor worker({.queue = {"local:aggregate"}, .cache = {url_}}, bench.context());
    bench.start(worker);
    std::uint64_t sent = 0;
    for (const auto& batch : batches) {
      bench.send("aggregate", bodies_of(batch));
      sent += batch.size();
      ASSERT_TRUE(bench.run_until([&] { return bench.metrics().processed.value() == sent; }));
    }
    EXPECT_EQ(bench.metrics().decoding_errors.value() + bench.metrics().processing_errors.value(), 0U);
    bench.shut_down();
    EXPECT_EQ(bench.failure(), "");
  }

  support::temporary_folder folder_;
  std::string url_ = "lmdb:" + (folder_ / "cache");
};

const aggregate first_day_a{"A", day_begin + 1h, 10, 11, 100}, first_day_b{"B", day_begin + 1h, 20, 19, 200};
const aggregate next_day_a{"A", day_begin + 25h, 12, 12.1, 5};

}  // namespace

TEST_F(leaderboard_days, the_first_event_of_a_day_clears_the_boards_of_the_one_before) {
  through_a_processor({{first_day_a, first_day_b}, {next_day_a}});
  reading cache(url_);
  EXPECT_EQ(cache.board("top_volume"), (scores{{"A", 5}}));
  EXPECT_NEAR(cache.board("top_gappers")["A"], 10, 1e-9) << "12.1 after a close of 11";
  EXPECT_EQ(cache.field("A", "prev_day_close"), "11");
  EXPECT_EQ(cache.value("leaderboard:market:current_day_start"),
            std::to_string((day_begin + 24h).time_since_epoch().count()));
}

TEST_F(leaderboard_days, a_batch_that_holds_the_turn_of_the_day_is_as_two_batches) {
  through_a_processor({{first_day_a, first_day_b, next_day_a}});
  reading cache(url_);
  EXPECT_EQ(cache.board("top_volume"), (scores{{"A", 5}}));
  EXPECT_EQ(cache.field("A", "prev_day_close"), "11");
  EXPECT_EQ(cache.field("B", "close"), "19") << "the last row of the old day is written, too";
  EXPECT_NE(cache.value("quote:B"), "-");
}

TEST_F(leaderboard_days, a_processor_started_again_knows_the_day_and_the_day_before) {
  through_a_processor({{first_day_a, first_day_b}});
  through_a_processor({{{"B", day_begin + 2h, 19, 18, 300}}});
  EXPECT_EQ(reading(url_).board("top_volume"), (scores{{"A", 100}, {"B", 300}})) << "the same day clears nothing";
  through_a_processor({{next_day_a}});
  EXPECT_EQ(reading(url_).board("top_volume"), (scores{{"A", 5}}));
  EXPECT_EQ(reading(url_).field("A", "prev_day_close"), "11");
}

TEST_F(leaderboard_days, a_late_event_of_the_day_before_changes_no_board) {
  through_a_processor({{first_day_a, next_day_a}, {first_day_b}, {{"A", day_begin + 2h, 10, 50, 900}}});
  EXPECT_EQ(reading(url_).board("top_volume"), (scores{{"A", 5}}));
}

TEST_F(leaderboard_days, the_open_begins_the_gains_anew_and_only_once) {
  through_a_processor(
      {{first_day_a, first_day_b}, {{"A", open_of_day, 15, 16.5, 150}}, {{"A", open_of_day + 30s, 17, 18, 160}}});
  reading cache(url_);
  EXPECT_EQ(cache.board("top_gainers").size(), 1U) << "B has not traded since";
  EXPECT_NEAR(cache.board("top_gainers")["A"], 20, 1e-9) << "18 after an open of 15, that of the first aggregate";
  EXPECT_EQ(cache.value("symbol:A:open_price"), "15");
  EXPECT_EQ(cache.value("symbol:B:open_price"), "-");
  EXPECT_EQ(cache.board("top_volume").size(), 2U) << "volumes are the day's";
  EXPECT_EQ(cache.board("top_gappers").size(), 2U);
}

TEST_F(leaderboard_days, a_batch_that_holds_the_open_is_as_two_batches) {
  through_a_processor({{first_day_a, first_day_b, {"A", open_of_day, 15, 16.5, 150}}});
  reading cache(url_);
  EXPECT_EQ(cache.board("top_gainers").size(), 1U) << "what B had gained before the open is not shown after it";
  EXPECT_NEAR(cache.board("top_gainers")["A"], 10, 1e-9);
  EXPECT_EQ(cache.value("symbol:B:open_price"), "-") << "nor is its price from before the open kept";
  EXPECT_EQ(cache.board("top_volume"), (scores{{"A", 150}, {"B", 200}}));
}

TEST_F(leaderboard_days, a_processor_started_again_in_the_minute_of_the_open_does_not_open_again) {
  through_a_processor({{{"A", open_of_day, 15, 16.5, 150}}});
  through_a_processor({{{"B", open_of_day + 10s, 20, 22, 50}}});
  reading cache(url_);
  EXPECT_EQ(cache.board("top_gainers").size(), 2U);
  EXPECT_EQ(cache.value("symbol:A:open_price"), "15");
}

TEST_F(leaderboard_days, a_late_event_of_before_the_open_does_not_make_the_open_price) {
  through_a_processor({{{"A", open_of_day, 15, 16.5, 150}, {"B", open_of_day - 1s, 20, 22, 50}}, {first_day_b}});
  EXPECT_EQ(reading(url_).value("symbol:B:open_price"), "-");
  EXPECT_EQ(reading(url_).board("top_gainers").size(), 1U);
}

TEST_F(leaderboard_days, a_late_event_of_yesterdays_open_does_not_clear_todays_gains) {
  through_a_processor({{first_day_a, next_day_a}, {{"B", open_of_day, 20, 22, 50}}});
  EXPECT_EQ(reading(url_).board("top_gainers").size(), 1U);
  EXPECT_NE(reading(url_).value("symbol:A:open_price"), "-");
}

namespace {

/// The cache, gone for one call.
class interrupted_cache : public lineshaft::cache {
 public:
  interrupted_cache(lineshaft::cache& inner, int fails_at) : inner_(inner), left_(fails_at) {}

  bool happened() const { return left_ < 0; }
  awaitable<lineshaft::result<>> apply(const lineshaft::cache_batch& batch) override {
    if (gone()) co_return why();
    co_return co_await inner_.apply(batch);
  }
  awaitable<lineshaft::result<bool>> set_if_absent(std::string key, std::string value,
                                                   lineshaft::time_to_live life) override {
    if (gone()) co_return why();
    co_return co_await inner_.set_if_absent(std::move(key), std::move(value), life);
  }
  awaitable<lineshaft::result<std::optional<std::string>>> get(std::string key) override {
    if (gone()) co_return why();
    co_return co_await inner_.get(std::move(key));
  }
  awaitable<lineshaft::result<std::vector<std::string>>> range(std::string key, std::size_t count) override {
    if (gone()) co_return why();
    co_return co_await inner_.range(std::move(key), count);
  }
  awaitable<lineshaft::result<std::vector<lineshaft::cache_field>>> get_fields(std::string key) override {
    if (gone()) co_return why();
    co_return co_await inner_.get_fields(std::move(key));
  }
  awaitable<lineshaft::result<std::vector<lineshaft::cache_score>>> top(std::string key, std::size_t count) override {
    if (gone()) co_return why();
    co_return co_await inner_.top(std::move(key), count);
  }
  awaitable<lineshaft::result<std::vector<std::string>>> keys(std::string prefix) override {
    if (gone()) co_return why();
    co_return co_await inner_.keys(std::move(prefix));
  }

 private:
  bool gone() { return left_-- == 0; }
  static std::unexpected<lineshaft::error> why() { return lineshaft::fail("the cache is gone"); }

  lineshaft::cache& inner_;
  int left_;
};

/// All of it that matters, after these batches with the cache gone at its call number `fails_at`; a batch that
/// failed is analyzed again, as the processor does.
std::string shown_after(const std::vector<std::vector<aggregate>>& batches, int fails_at, bool& happened) {
  const support::temporary_folder folder;
  reading cache("lmdb:" + (folder / "cache"));
  // The scanners come once a second of the real clock: not looked at here.
  EXPECT_TRUE(cache.run(cache.cache().set("leaderboard:last_publish", "1", 1h)));
  interrupted_cache at(cache.cache(), fails_at);
  const auto board = make_analyzer("aggregate");
  for (const auto& batch : batches) {
    const auto bodies = bodies_of(batch);
    std::vector<lineshaft::message> messages;
    for (const auto& body : bodies) messages.push_back({.body = body});
    while (!cache.run(board->analyze({.messages = messages}, at))) continue;
  }
  happened = at.happened();
  std::string all;
  for (const auto* name : {"top_volume", "top_gappers", "top_gainers"})
    for (const auto& [symbol, score] : cache.board(name)) all += std::format("{} {} {}\n", name, symbol, score);
  for (const auto* symbol : {"A", "B"}) {
    all += std::format("{} {} {} {}\n", symbol, cache.value(std::string("symbol:") + symbol + ":open_price"),
                       cache.value(std::string("mdc:snapshots:") + symbol), cache.field(symbol, "prev_day_close"));
  }
  return all;
}

}  // namespace

TEST(leaderboard_retry, a_cache_that_is_gone_at_any_call_changes_nothing_of_what_is_shown_in_the_end) {
  const std::vector<std::vector<aggregate>> two_days{
      {first_day_a, first_day_b},
      {{"A", open_of_day - 1s, 13, 14, 120}, {"A", open_of_day, 15, 16.5, 150}, {"B", open_of_day + 1s, 20, 22, 250}},
      {{"A", day_begin + 24h, 12, 12.1, 5}},
      {{"B", day_begin + 24h + 1min, 21, 21.5, 6}},
  };
  bool happened = false;
  const auto expected = shown_after(two_days, 1'000'000, happened);
  ASSERT_FALSE(happened);
  EXPECT_TRUE(expected.contains("top_volume A 5\n")) << expected;
  int call = 0;
  do {
    EXPECT_EQ(shown_after(two_days, call, happened), expected) << "gone at call " << call;
    ++call;
  } while (happened);
  EXPECT_GT(call, 20) << "each call of the cache was tried";
}
