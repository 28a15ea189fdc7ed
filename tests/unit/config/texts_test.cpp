#include "config/texts.hpp"

#include <gtest/gtest.h>

#include <csignal>

using namespace lineshaft;
using namespace lineshaft::config;
using namespace std::chrono_literals;

namespace {

template <class T, class Show>
std::string said(const reading<T>& read, Show show) {
  return read ? show(*read) : read.error();
}

}  // namespace

TEST(texts, a_duration_is_a_number_and_a_unit) {
  const struct {
    const char* text;
    const char* expected;
  } rows[] = {
      {"500ms", "500ms"},
      {"10s", "10s"},
      {"1.5s", "1500ms"},
      {"90s", "90s"},
      {"120s", "2m"},
      {"6h", "6h"},
      {"1d", "1d"},
      {"24h", "1d"},
      {"0", "0ms"},
      {"0s", "0ms"},
      {"10", "has no unit: one of ms, s, m, h, d follows the number"},
      {"10 s", "has no such unit as ' s': there are ms, s, m, h, d"},
      {"10sec", "has no such unit as 'sec': there are ms, s, m, h, d"},
      {"", "does not begin with a number"},
      {"s", "does not begin with a number"},
      {"-1s", "does not begin with a number"},
      {"1.2.3s", "does not begin with a number"},
      {"1e9s", "has no such unit as 'e9s': there are ms, s, m, h, d"},
      {"999999999999999d", "is too large"},
  };
  for (const auto& row : rows) EXPECT_EQ(said(parse_duration(row.text), duration_text), row.expected) << row.text;
}

TEST(texts, a_size_is_a_number_and_a_unit) {
  const struct {
    const char* text;
    const char* expected;
  } rows[] = {
      {"50MiB", "50MiB"},
      {"2GB", "1953125KiB"},
      {"1kB", "1000B"},
      {"0", "0B"},
      {"4096B", "4KiB"},
      {"1.5GiB", "1536MiB"},
      {"50", "has no unit: one of B, KiB, MiB, GiB, kB, MB, GB follows the number"},
      {"50M", "has no such unit as 'M': there are B, KiB, MiB, GiB, kB, MB, GB"},
  };
  for (const auto& row : rows) EXPECT_EQ(said(parse_size(row.text), size_text), row.expected) << row.text;
}

TEST(texts, signals_and_rungs) {
  const struct {
    const char* text;
    const char* expected;
  } rows[] = {
      {"SIGTERM 5s", "SIGTERM 5s"},
      {"KILL", "SIGKILL"},
      {"SIGRTMIN+2 1m", "SIGRTMIN+2 1m"},
      {"SIGRTMIN", "SIGRTMIN"},
      {"SIGTRM 5s", "cannot be read: 'SIGTRM' is no signal: a name such as SIGTERM, SIGINT or SIGKILL is expected"},
      {"SIGTERM 5", "cannot be read: '5' has no unit: one of ms, s, m, h, d follows the number"},
      {"sigterm", "cannot be read: 'sigterm' is no signal: a name such as SIGTERM, SIGINT or SIGKILL is expected"},
      {"", "cannot be read: '' is no signal: a name such as SIGTERM, SIGINT or SIGKILL is expected"},
      {"SIGRTMIN+99",
       "cannot be read: 'SIGRTMIN+99' is no signal: a name such as SIGTERM, SIGINT or SIGKILL is expected"},
  };
  for (const auto& row : rows) EXPECT_EQ(said(parse_rung(row.text), rung_text), row.expected) << row.text;
}

TEST(texts, limits) {
  const struct {
    const char* text;
    const char* expected;
  } restarts[] = {
      {"5 in 60s", "5 in 1m"},
      {"5", "does not say how many in what time"},
      {"5 / 60s", "does not say how many in what time"},
      {"5 in 60", "cannot be read: '60' has no unit: one of ms, s, m, h, d follows the number"},
      {"0 in 60s", "allows no restart at all: that is said by mode = \"never\""},
      {"5 in 0s", "counts in no time at all"},
      {"-5 in 60s", "does not say how many in what time"},
  };
  for (const auto& row : restarts)
    EXPECT_EQ(said(parse_restart_limit(row.text), restart_limit_text), row.expected) << row.text;

  const auto show = [](const resource_limit& limit) {
    return std::to_string(limit.soft) + " " + std::to_string(limit.hard);
  };
  const struct {
    const char* text;
    const char* expected;
  } resources[] = {
      {"1024", "1024 1024"},
      {"1024:4096", "1024 4096"},
      {"8GiB", "8589934592 8589934592"},
      {"0", "0 0"},
      {"0:unlimited", "0 18446744073709551615"},
      {"4096:1024", "has a soft limit above the hard one"},
      {"many", "does not begin with a number"},
      {"1:many", "cannot be read: 'many' does not begin with a number"},
  };
  for (const auto& row : resources) EXPECT_EQ(said(parse_resource_limit(row.text), show), row.expected) << row.text;
  EXPECT_EQ(parse_umask("0027"), 027U);
  EXPECT_FALSE(parse_umask("0o27"));
  EXPECT_FALSE(parse_umask("1777"));
}
