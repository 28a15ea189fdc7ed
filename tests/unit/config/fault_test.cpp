#include "config/fault.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::config;

TEST(fault, the_nearest_word_is_offered_if_it_is_near_enough) {
  const std::vector<std::string> known{"delay", "max_delay", "ready", "restart", "stop", "stop_timeout", "nice"};
  const struct {
    const char* given;
    const char* expected;
  } rows[] = {
      {"stop_timout", "did you mean 'stop_timeout'?"},
      {"Restart", "did you mean 'restart'?"},
      {"restrat", "did you mean 'restart'?"},
      {"dealy", "did you mean 'delay'?"},
      {"raedy", "did you mean 'ready'?"},
      {"memory", ""},
      {"x", ""},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(did_you_mean(row.given, known), row.expected) << row.given;
}

TEST(fault, says_where_what_and_what_to_do) {
  const place where{std::make_shared<const std::string>("p.toml"), 3, 7};
  EXPECT_EQ(to_text(fault{where, "worker.a.nice", "99 is out of range", "less is expected"}),
            "p.toml:3:7: worker.a.nice: 99 is out of range; less is expected");
  EXPECT_EQ(to_text(fault{{where.file, 0, 0}, "", "there is no worker", ""}), "p.toml: there is no worker");
  EXPECT_EQ(to_text(fault{{}, "", "no worker has the profile 'x'", ""}), "no worker has the profile 'x'");
}
