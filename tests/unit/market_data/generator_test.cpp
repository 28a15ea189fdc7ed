#include "market_data/generate/generator.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <string>

#include "market_data/wire/event_translator.hpp"

using namespace market_data;
using namespace std::chrono_literals;

namespace {

std::string feed_of(generator_options options) {
  std::string feed;
  generator(options).run([&](std::string_view line) {
    feed += line;
    return true;
  });
  return feed;
}

}  // namespace

TEST(generator, gives_the_same_bytes_for_the_same_seed_and_others_for_another) {
  const generator_options options{.seed = 7, .pace = {.length = 5s}};
  EXPECT_EQ(feed_of(options), feed_of(options));
  EXPECT_NE(feed_of(options), feed_of({.seed = 8, .pace = {.length = 5s}}));
}

TEST(generator, knows_its_totals_to_the_event) {
  for (const auto& options :
       {generator_options{.pace = {.length = 10s}},
        generator_options{.seed = 3, .pace = {.quiet_rate = 20'000, .open_rate = 50'000}, .events = 30'000},
        generator_options{.pace = {.length = 4s}, .previous_day = false}, generator_options{.events = 1},
        generator_options{.events = 150}}) {
    event_translator translator;
    message_batches batches;
    std::uint64_t frames = 0, bytes = 0, events = 0;
    const auto totals = generator(options).run([&](std::string_view line) {
      const auto frame = boost::json::parse(line).as_array();
      EXPECT_GE(frame.size(), 1u);
      EXPECT_LE(frame.size(), 100u);
      for (const auto& event : frame) EXPECT_TRUE(translator.translate(serialize(event), batches));
      ++frames, bytes += line.size(), events += frame.size();
      return true;
    });
    EXPECT_EQ(totals.events, events);
    EXPECT_EQ(totals.frames, frames);
    EXPECT_EQ(totals.bytes, bytes);
    if (options.events != 0) {
      EXPECT_EQ(totals.events, options.events);
    }
    for (auto which : streams) {
      const auto index = static_cast<std::size_t>(which);
      EXPECT_EQ(totals.by_stream[index], batches[index].size()) << to_string(which);
    }
  }
}

TEST(generator, stops_when_its_frames_are_not_wanted_any_more) {
  int frames = 0;
  generator({.events = 1'000'000}).run([&](std::string_view) { return ++frames < 3; });
  EXPECT_EQ(frames, 3);
}

TEST(generator, names_each_stock_once) {
  random_source chance(1);
  std::map<std::string, int> seen;
  for (const auto& one : make_instruments(chance)) EXPECT_EQ(++seen[one.symbol], 1) << one.symbol;
}

TEST(instrument_picker, takes_a_hot_stock_four_times_of_five) {
  random_source chance(1);
  const instrument_picker picker;
  int hot = 0;
  for (int draws = 0; draws < 100'000; ++draws) {
    const auto index = picker.pick(chance);
    ASSERT_LT(index, instrument_count);
    if (index < hot_count) ++hot;
  }
  EXPECT_NEAR(hot, 80'000, 1'000);
}

TEST(schedule, is_quiet_for_a_quarter_and_then_comes_in_bursts_of_the_rate_of_the_open) {
  schedule pace({.quiet_rate = 30, .open_rate = 1500, .length = 400s}, random_source(1));
  std::uint64_t before = 0, after = 0, most = 0;
  for (int tick = 0; tick < 10'000; ++tick) before += pace.next_tick();
  for (int tick = 0; tick < 30'000; ++tick) {
    const std::uint64_t events = pace.next_tick();
    after += events;
    most = std::max(most, events);
  }
  EXPECT_EQ(before, 3'000u);
  EXPECT_NEAR(static_cast<double>(after), 1500.0 * 300, 1500.0 * 15);
  EXPECT_GT(most, 45u);  // three times the average
}
