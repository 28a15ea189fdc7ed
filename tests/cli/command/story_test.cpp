// The story of a death, as somebody reads it at night.
#include "cli/story.hpp"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include <format>

using namespace lineshaft::cli;

namespace {

boost::json::object of(std::string_view text) { return boost::json::parse(text).as_object(); }

std::string told(std::string_view status, std::string_view exit) { return story_of({of(status), of(exit), {}}); }

constexpr auto backing_off = R"({"name": "p-1", "state": "backoff", "next_start_ms": 1500})";

}  // namespace

TEST(story, of_a_crash_has_its_last_lines_and_what_happens_next) {
  EXPECT_EQ(
      story_of(
          {of(backing_off),
           of(R"json({"generation": 3, "pid": 12, "reason": "killed by SIGSEGV (core dumped)", "lifetime_ms": 65000,
                             "cause": "none", "error": "", "lost_messages": 2, "trace_id": "4bf92f",
                             "figures": {"processed": 10, "errors": 1}, "output": ["one", "two"]})json"),
           of(R"({"time": "2026-11-24T17:12:06.123Z"})")}),
      "Generation 3 (process 12) was killed by SIGSEGV (core dumped), at 2026-11-24T17:12:06.123Z, 1 min 5 s after "
      "its start.\n"
      "2 messages that it had taken and not done are lost.\n"
      "It had processed 10, with 1 error.\n"
      "Its last lines:\n  | one\n  | two\n"
      "Trace: 4bf92f\n"
      "p-1 waits, and is started again in 1.5 s.\n");
}

TEST(story, says_who_made_it_leave) {
  struct {
    std::string_view cause, said;
  } const rows[] = {
      {"stop", "It had been told to stop.\n"},
      {"restart", "It was being restarted.\n"},
      {"watchdog", "The watchdog had given it up.\n"},
      {"start_timeout", "It had not become ready in time.\n"},
      {"none", ""},
  };
  for (const auto& row : rows) {
    const auto exit = std::format(
        R"({{"generation": 1, "pid": 2, "reason": "exited 1", "lifetime_ms": 5, "cause": "{}"}})", row.cause);
    EXPECT_EQ(told(backing_off, exit), "Generation 1 (process 2) exited 1, 5 ms after its start.\n" +
                                           std::string(row.said) + "p-1 waits, and is started again in 1.5 s.\n");
  }
}

TEST(story, of_one_that_has_failed_says_why_it_is_not_tried_again) {
  EXPECT_EQ(told(R"({"name": "a", "state": "failed", "error": "exited 1; not started again: 5 restarts in 60 s"})",
                 R"({"generation": 6, "pid": 2, "reason": "exited 1", "lifetime_ms": 5, "cause": "none"})"),
            "Generation 6 (process 2) exited 1, 5 ms after its start.\n"
            "a has failed and is not started again by itself.\n"
            "Why: exited 1; not started again: 5 restarts in 60 s\n");
}

TEST(story, of_one_whose_processes_all_live_is_short) {
  EXPECT_EQ(story_of({of(R"({"name": "a", "state": "running", "ready": true, "generation": 1, "pid": 7,
                             "uptime_ms": 2000})"),
                      {},
                      {}}),
            "a is running now: generation 1, process 7, for 2 s, ready.\nNo process of it has ended yet.\n");
}
