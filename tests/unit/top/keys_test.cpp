#include "top/keys.hpp"

#include <gmock/gmock.h>

#include "unit/top/statuses.hpp"

using namespace lineshaft::top;
using namespace std::chrono_literals;
using statuses::of;
using statuses::worker;

namespace {

class keys : public testing::Test {
 protected:
  keys() {
    seen_.saw(of({worker("a", "running"), worker("b-0", "running"), worker("b-1", "running")}), time_point(1h));
  }

  outcome press(const std::string& text) { return keyboard_.press({key::character, text}, seen_, around_); }
  outcome press(key which) { return keyboard_.press({which}, seen_, around_); }

  model seen_;
  surroundings around_;
  keyboard keyboard_;
};

}  // namespace

TEST_F(keys, what_ends_a_process_is_asked_about_first) {
  EXPECT_FALSE(press("x").send);
  EXPECT_EQ(around_.question, "stop a?");
  EXPECT_FALSE(press("n").send);
  EXPECT_EQ(around_.question, "");
  EXPECT_FALSE(press("y").send) << "nothing is asked any more";
  press("r");
  const auto sent = press("y").send;
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->method + " " + sent->target, "POST /v1/workers/a/restart");
}

TEST_F(keys, a_start_is_sent_at_once) {
  press("j");
  EXPECT_EQ(press("s").send->target, "/v1/workers/b-0/start");
}

TEST_F(keys, plus_and_minus_scale_the_family) {
  press("+");
  EXPECT_EQ(around_.message, "a has no replicas");
  press(key::down);
  press("+");
  EXPECT_EQ(around_.question, "scale b to 3?");
  const auto sent = press("y").send;
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->method + " " + sent->target, "PUT /v1/workers/b/replicas");
  EXPECT_EQ(sent->body, (boost::json::object{{"replicas", 3}}));
  press("-");
  EXPECT_EQ(around_.question, "scale b to 1?");
}

TEST_F(keys, replicas_that_the_filter_hides_count) {
  for (const auto* letter : {"/", "b", "-", "1"}) press(letter);
  press(key::enter);
  ASSERT_EQ(seen_.shown().size(), 1U);
  press("+");
  EXPECT_EQ(around_.question, "scale b to 3?");
}

TEST_F(keys, of_the_tree_follow_its_lines) {
  auto last = worker("a-child", "running");
  last["after"] = boost::json::array{"b"};
  seen_.saw(of({last, worker("b-0", "running"), worker("b-1", "running")}), time_point(1h));
  press("t");
  seen_.select("b-0");
  press("j");
  EXPECT_EQ(seen_.selected()->name, "a-child");
  press("j");
  EXPECT_EQ(seen_.selected()->name, "b-1");
  press(key::page_up);
  EXPECT_EQ(seen_.selected()->name, "b-0");
}

TEST_F(keys, a_filter_is_typed_and_taken_back) {
  press("/");
  press("b");
  press("q");
  EXPECT_EQ(seen_.filter(), "bq") << "letters are letters here";
  press(key::backspace);
  EXPECT_EQ(seen_.shown().size(), 2U);
  press(key::enter);
  EXPECT_EQ(around_.entry, "");
  EXPECT_EQ(seen_.filter(), "b");
  press(key::escape);
  EXPECT_EQ(seen_.filter(), "");
}

TEST_F(keys, pages_come_and_go) {
  press(key::down);
  press(key::enter);
  EXPECT_EQ(around_.at, page::details);
  EXPECT_EQ(seen_.selected()->name, "b-0");
  press(key::escape);
  EXPECT_EQ(around_.at, page::workers);
  press("t");
  EXPECT_EQ(around_.at, page::tree);
  press("t");
  press("?");
  EXPECT_EQ(around_.at, page::help);
  press(key::escape);
  EXPECT_EQ(around_.at, page::workers);
  EXPECT_EQ(press("q").wants, leave::yes);
}
