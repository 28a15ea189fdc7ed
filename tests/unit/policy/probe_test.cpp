// What is probed, from text, and what the answers mean.
#include <gtest/gtest.h>

#include "policy/probe_target.hpp"
#include "policy/probing.hpp"

using namespace lineshaft;
using namespace lineshaft::policy;
using namespace std::chrono_literals;

TEST(probe_target, from_text) {
  struct row {
    std::string_view text;
    probe_target expected;
  };
  for (const auto& [text, expected] : {
           row{"tcp:127.0.0.1:6400", {"127.0.0.1", 6400, "127.0.0.1:6400", ""}},
           row{"tcp:[::1]:80", {"::1", 80, "[::1]:80", ""}},
           row{"tcp:localhost:1", {"127.0.0.1", 1, "localhost:1", ""}},
           row{"http://10.0.0.1:8080/ready?all=1", {"10.0.0.1", 8080, "10.0.0.1:8080", "/ready?all=1"}},
           row{"http:http://10.0.0.1:8080/ready", {"10.0.0.1", 8080, "10.0.0.1:8080", "/ready"}},
           row{"http://localhost", {"127.0.0.1", 80, "localhost", "/"}},
           row{"http://[::1]", {"::1", 80, "[::1]", "/"}},
           row{"http://localhost?a", {"127.0.0.1", 80, "localhost", "/?a"}},
           row{"http://localhost/a#b", {"127.0.0.1", 80, "localhost", "/a"}},
       }) {
    const auto target = parse_probe(text);
    ASSERT_TRUE(target) << text << ": " << target.error().message();
    EXPECT_EQ(*target, expected) << text;
  }
}

TEST(probe_target, what_is_wrong_is_said) {
  constexpr auto form = "expected tcp:ADDRESS:PORT or http://ADDRESS:PORT/PATH";
  struct row {
    std::string_view text;
    std::string_view problem;
  };
  for (const auto& [text, problem] : {
           row{"", form},
           row{"tcp:", form},
           row{"tcp:127.0.0.1", form},
           row{"tcp:127.0.0.1:", form},
           row{"tcp:127.0.0.1:0", form},
           row{"tcp:127.0.0.1:65536", form},
           row{"tcp:127.0.0.1:80x", form},
           row{"https://localhost/", form},
           row{"ready", form},
           row{"http:/localhost", form},
           row{"tcp:redis:6379", "expected a numeric address or localhost, like 127.0.0.1 or [::1], and not 'redis'"},
           row{"tcp::1:80", form},
           row{"tcp:[::1:80", form},
           row{"http://localhost/a b", "expected no spaces in the path of a URL"},
           row{"http://localhost/a\r\nX: y", "expected no spaces in the path of a URL"},
       }) {
    const auto target = parse_probe(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().doing, "cannot probe '" + std::string(text) + "': " + std::string(problem));
  }
}

TEST(probe_target, belongs_to_a_worker_that_is_ready_by_it) {
  EXPECT_EQ(*probe_of({}), std::nullopt);
  EXPECT_EQ((*probe_of({.ready = ready_when::probe, .probe = "tcp:127.0.0.1:1"}))->port, 1);
  EXPECT_FALSE(probe_of({.ready = ready_when::probe}));
  EXPECT_EQ(probe_of({.probe = "tcp:127.0.0.1:1"}).error().doing,
            "the probe 'tcp:127.0.0.1:1' is only asked with ready_when::probe");
}

TEST(probing, is_ready_with_the_first_answer_and_unready_after_three_misses_in_a_row) {
  probing state;
  EXPECT_EQ(state.take(false), std::nullopt);
  EXPECT_EQ(state.take(true), true);
  EXPECT_EQ(state.take(true), std::nullopt);
  EXPECT_EQ(state.take(false), std::nullopt);
  EXPECT_EQ(state.take(false), std::nullopt);
  EXPECT_EQ(state.take(true), std::nullopt) << "back in time";
  EXPECT_EQ(state.take(false), std::nullopt);
  EXPECT_EQ(state.take(false), std::nullopt);
  EXPECT_EQ(state.take(false), false);
  EXPECT_EQ(state.take(false), std::nullopt);
  EXPECT_EQ(state.take(true), true);
}

TEST(probing, asks_soon_at_first_and_once_a_second_then) {
  probing state;
  EXPECT_EQ(state.pause(), 20ms);
  for (const auto expected : {40ms, 80ms, 160ms, 320ms, 640ms, 1000ms, 1000ms}) {
    state.take(false);
    EXPECT_EQ(state.pause(), expected);
  }
  probing ready;
  ready.take(true);
  EXPECT_EQ(ready.pause(), 1s);
}
