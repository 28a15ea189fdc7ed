#include "policy/notification.hpp"

#include <gtest/gtest.h>

#include <random>

#include "policy/moments.hpp"

using namespace lineshaft::policy;
using namespace std::chrono_literals;
using namespace std::string_literals;

TEST(notification, is_read_assignment_by_assignment) {
  const struct {
    std::string datagram;
    std::optional<notification> expected;
  } table[] = {
      {"READY=1", {{.ready = true}}},
      {"READY=1\n", {{.ready = true}}},
      {"READY=1\0"s, {{.ready = true}}},
      {"READY=0", notification{}},
      {"ready=1", notification{}},
      {"RELOADING=1\nMONOTONIC_USEC=5", {{.reloading = true}}},
      {"STOPPING=1\nSTATUS=going down", {{.stopping = true, .status = "going down"}}},
      {"STATUS=", {{.status = ""}}},
      {"STATUS=a=b", {{.status = "a=b"}}},
      {"STATUS=first\nSTATUS=second", {{.status = "second"}}},
      {"WATCHDOG=1", {{.watchdog = true}}},
      {"WATCHDOG=trigger", {{.watchdog_trigger = true}}},
      {"WATCHDOG=2", notification{}},
      {"ERRNO=2", {{.error_number = 2}}},
      {"ERRNO=4096", notification{}},
      {"ERRNO=-2", notification{}},
      {"ERRNO=2x", notification{}},
      {"ERRNO=", notification{}},
      {"EXTEND_TIMEOUT_USEC=1500000", {{.extend_timeout = 1500ms}}},
      {"EXTEND_TIMEOUT_USEC=0", {{.extend_timeout = 0ms}}},
      {"EXTEND_TIMEOUT_USEC=18446744073709551615", {{.extend_timeout = longest_span}}},
      {"EXTEND_TIMEOUT_USEC=18446744073709551616", notification{}},
      {"EXTEND_TIMEOUT_USEC=-1", notification{}},
      {"MAINPID=4711", {{.main_pid = "4711"}}},
      {"BARRIER=1", {{.barrier = true}}},
      {"FDSTORE=1\nFDNAME=x", notification{}},
      {"no assignment\nREADY=1\n=x", {{.ready = true}}},
      {"READY=1\n\n\nSTATUS=x", {{.ready = true, .status = "x"}}},
      {"", std::nullopt},
      {"\0"s, std::nullopt},
      {"\n\n", std::nullopt},
      {"READY", std::nullopt},
      {"=1", std::nullopt},
      {"READY=1\0STATUS=x"s, std::nullopt},
      {"\0READY=1"s, std::nullopt},
      {"STATUS=" + std::string(4089, 'x'), {{.status = std::string(4089, 'x')}}},
      {"STATUS=" + std::string(4090, 'x'), std::nullopt},
  };
  for (const auto& row : table) EXPECT_EQ(parse_notification(row.datagram), row.expected) << row.datagram;
}

TEST(notification, of_random_bytes_is_harmless) {
  std::mt19937 random{42};
  const std::string_view alphabet = "READYSTUXPIN_=01\n\n== 9";
  int read = 0;
  for (int n = 0; n < 100'000; ++n) {
    std::string text(random() % 64, ' ');
    for (auto& byte : text)
      byte = random() % 16 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
    read += parse_notification(text) ? 1 : 0;
  }
  EXPECT_GT(read, 0);
}
