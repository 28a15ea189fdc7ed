// The workers whole, with real queues and a real cache: what their flags say, whichever way they end.
#include <gtest/gtest.h>

#include "market_data/workers/listener.hpp"
#include "market_data/workers/processor.hpp"
#include "support/files.hpp"
#include "worker_bench.hpp"

using namespace market_data;

namespace {

std::string quote(int number, std::size_t padding = 0) {
  return R"({"event_type":"Q","symbol":"S)" + std::to_string(number) + R"(","timestamp":1700000000000,"x":")" +
         std::string(padding, 'x') + "\"}";
}

class processor : public testing::Test {
 protected:
  market_data_processor make(const std::string& cache) {
    return {{.queue = {"local:quotes"}, .cache = {cache}}, bench_.context()};
  }
  bool flags_are(bool mdq, bool mdc) {
    return bench_.metrics().mdq_connected.value() == mdq && bench_.metrics().mdc_connected.value() == mdc;
  }
  std::string cache(const std::string& parameters = "") { return "lmdb:" + (folder_ / "cache") + parameters; }

  support::temporary_folder folder_;
  test::worker_bench bench_;
};

class listener : public testing::Test {
 protected:
  market_data_listener make(const std::string& feed) { return {{.feed = {feed}}, bench_.context()}; }
  bool connected() { return bench_.metrics().mdq_connected.value(); }
  /// A feed of so many trades, in frames of one.
  std::string feed_of(int events) {
    std::string text;
    for (int n = 0; n < events; ++n) {
      text += R"([{"ev":"T","sym":"A","x":4,"i":"1","z":3,"p":1.5,"s":100,"c":[],"t":)" +
              std::to_string(1'700'000'000'000 + n) + R"(,"q":1}])" + "\n";
    }
    return "replay:" + folder_.write("feed.ndjson", text);
  }

  support::temporary_folder folder_;
  test::worker_bench bench_;
};

}  // namespace

TEST_F(processor, is_connected_while_it_works_and_not_after_it_was_stopped) {
  auto worker = make(cache());
  bench_.start(worker);
  EXPECT_TRUE(flags_are(false, false));
  bench_.send("quotes", {quote(1), quote(2)});
  ASSERT_TRUE(bench_.run_until([&] { return bench_.metrics().processed.value() == 2; }));
  EXPECT_TRUE(flags_are(true, true));
  bench_.shut_down();
  EXPECT_EQ(bench_.failure(), "");
  EXPECT_TRUE(flags_are(false, false));
}

TEST_F(processor, is_not_connected_after_its_queue_is_gone) {
  auto worker = make(cache());
  bench_.start(worker);
  ASSERT_TRUE(bench_.run_until([&] { return flags_are(true, true); }));
  bench_.lose_queues();
  ASSERT_TRUE(bench_.run_until([&] { return bench_.ended(); }));
  EXPECT_EQ(bench_.failure(), "cannot receive from queue 'quotes': it is gone");
  EXPECT_TRUE(flags_are(false, false));
}

TEST_F(processor, was_never_connected_to_a_cache_that_cannot_be_opened) {
  auto worker = make("lmdb:/dev/null/cache");
  bench_.start(worker);
  ASSERT_TRUE(bench_.run_until([&] { return bench_.ended(); }));
  EXPECT_NE(bench_.failure(), "");
  EXPECT_TRUE(flags_are(false, false));
}

TEST_F(processor, is_not_connected_to_the_cache_when_its_queue_cannot_be_opened) {
  market_data_processor worker({.queue = {"local:no such name"}, .cache = {cache()}}, bench_.context());
  bench_.start(worker);
  ASSERT_TRUE(bench_.run_until([&] { return bench_.ended(); }));
  EXPECT_NE(bench_.failure(), "");
  EXPECT_TRUE(flags_are(false, false));
}

TEST_F(processor, says_that_the_cache_is_gone_while_it_is_and_loses_nothing) {
  auto worker = make(cache("?size=1MiB"));
  bench_.start(worker);
  std::vector<std::string> too_much;
  for (int n = 0; n < 20; ++n) too_much.push_back(quote(n, 100'000));
  bench_.send("quotes", too_much);
  ASSERT_TRUE(bench_.run_until([&] { return bench_.metrics().errors.value() >= 2; }));
  EXPECT_TRUE(flags_are(true, false));
  EXPECT_EQ(bench_.metrics().processed.value(), 0U);
  bench_.shut_down();
  EXPECT_TRUE(flags_are(false, false));
  EXPECT_EQ(bench_.queues().status().front().in_flight, 20U) << "it was never said to be done";
}

TEST_F(listener, is_connected_while_it_feeds_and_not_after_the_feed_has_ended) {
  auto worker = make(feed_of(1000));
  bench_.start(worker);
  ASSERT_TRUE(bench_.run_until([&] { return connected(); }));
  ASSERT_TRUE(bench_.run_until([&] { return bench_.ended(); }));
  EXPECT_EQ(bench_.failure(), "");
  EXPECT_TRUE(bench_.finished());
  EXPECT_EQ(bench_.metrics().published.value(), 1000U);
  EXPECT_FALSE(connected());
}

TEST_F(listener, is_not_connected_after_it_was_stopped_in_front_of_a_full_queue) {
  auto worker = make(feed_of(200'000));
  bench_.start(worker);
  std::uint64_t before = 0;
  // Until the queue is full: no event comes any more.
  ASSERT_TRUE(bench_.run_until([&] { return connected(); }));
  do {
    before = bench_.metrics().published.value();
    bench_.run_ready();
  } while (bench_.metrics().published.value() != before);
  EXPECT_TRUE(connected());
  bench_.shut_down();
  EXPECT_EQ(bench_.failure(), "");
  EXPECT_FALSE(bench_.finished());
  EXPECT_FALSE(connected());
}

TEST_F(listener, is_not_connected_after_its_queue_is_gone) {
  auto worker = make(feed_of(200'000));
  bench_.start(worker);
  ASSERT_TRUE(bench_.run_until([&] { return bench_.metrics().published.value() > 0; }));
  bench_.lose_queues();
  ASSERT_TRUE(bench_.run_until([&] { return bench_.ended(); }));
  EXPECT_TRUE(bench_.failure().starts_with("cannot send to queue 'trades': ")) << bench_.failure();
  EXPECT_FALSE(connected());
}

TEST_F(listener, was_never_connected_for_a_feed_that_is_not_there) {
  auto worker = make("replay:" + (folder_ / "nothing"));
  bench_.start(worker);
  ASSERT_TRUE(bench_.run_until([&] { return bench_.ended(); }));
  EXPECT_NE(bench_.failure(), "");
  EXPECT_FALSE(connected());
}
