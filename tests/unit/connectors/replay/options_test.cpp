#include "replay/options.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;

TEST(replay_options, are_read_from_the_url) {
  const auto all = replay::read_options(*parse_connector_url("replay:a/b.csv.gz?speed=2.5&loop=true&symbol=AAPL"));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->path, "a/b.csv.gz");
  EXPECT_EQ(all->speed, 2.5);
  EXPECT_TRUE(all->loop);
  EXPECT_EQ(all->symbol, "AAPL");
  const auto none = replay::read_options(*parse_connector_url("replay:/x"));
  EXPECT_EQ(none->speed, 0);
  EXPECT_FALSE(none->loop);
  EXPECT_EQ(none->symbol, "");
}

TEST(replay_options, that_cannot_be_used_say_what_was_expected) {
  const std::pair<const char*, const char*> rows[] = {
      {"replay:", "cannot open feed 'replay:': it names no file"},
      {"replay:x?speed=fast",
       "cannot open feed 'replay:x?speed=fast': speed is 'fast', expected a number that is not negative"},
      {"replay:x?speed=-1",
       "cannot open feed 'replay:x?speed=-1': speed is '-1', expected a number that is not negative"},
      {"replay:x?speed=inf",
       "cannot open feed 'replay:x?speed=inf': speed is 'inf', expected a number that is not negative"},
      {"replay:x?speed=2x",
       "cannot open feed 'replay:x?speed=2x': speed is '2x', expected a number that is not negative"},
      {"replay:x?loop=yes", "cannot open feed 'replay:x?loop=yes': loop is 'yes', expected true or false"},
      {"replay:x?rate=1", "there is no parameter 'rate' in 'replay:x?rate=1'; there are: speed, loop, symbol"},
  };
  for (const auto& [url, message] : rows) {
    const auto read = replay::read_options(*parse_connector_url(url));
    ASSERT_FALSE(read) << url;
    EXPECT_EQ(read.error().doing, message);
  }
}
