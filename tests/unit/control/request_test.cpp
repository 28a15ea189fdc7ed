// From a request to what it means, or to the answer that says why not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/access.hpp"
#include "control/event_parser.hpp"
#include "control/filter.hpp"
#include "control/service.hpp"

using namespace lineshaft::control;
using lineshaft::parse_role;
using lineshaft::result;
using lineshaft::role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using namespace std::chrono_literals;

namespace {

parameters given(std::string query, std::string_view body = {}) {
  auto where = parse_target("/?" + query);
  EXPECT_TRUE(where);
  auto made = parameters::of(where->query, body);
  EXPECT_TRUE(made) << made.error().message();
  return made.value_or(parameters());
}

unsigned status_of(const request& asked, role may) {
  const auto wanted = understood(asked, may);
  return wanted ? 200 : wanted.error().status;
}

}  // namespace

TEST(request_target, is_taken_apart_and_decoded) {
  const auto where = parse_target("/v1/workers/a%20b/?within=8s&x&y=a+b%2Bc");
  ASSERT_TRUE(where);
  EXPECT_THAT(where->path, ElementsAre("v1", "workers", "a b"));
  EXPECT_THAT(where->query, ElementsAre(Pair("within", "8s"), Pair("x", ""), Pair("y", "a b+c")));
  EXPECT_THAT(parse_target("/a+b")->path, ElementsAre("a+b"));
  EXPECT_THAT(parse_target("/")->path, ElementsAre());
}

TEST(request_target, that_is_none_says_why) {
  for (const auto* text : {"", "*", "v1", "http://x/", "/%", "/%2", "/%zz", "/a%00", "/a%2fb", "/?a=1&a=2"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(request_target, what_is_encoded_is_decoded_as_it_was) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  const auto where = parse_target("/?" + percent_encoded(all) + "=" + percent_encoded(all));
  ASSERT_TRUE(where);
  EXPECT_THAT(where->query, ElementsAre(Pair(all, all)));
}

TEST(request_parameters, come_in_the_query_or_in_the_body) {
  EXPECT_EQ(given("within=8s").duration("within"), 8s);
  EXPECT_EQ(given("", R"({"within": "500ms"})").duration("within"), 500ms);
  EXPECT_EQ(given("", R"({"replicas": 3})").number("replicas", 10), 3U);
  EXPECT_EQ(given("follow=false").boolean("follow", true), false);
  EXPECT_EQ(given("follow").boolean("follow", false), true);
  EXPECT_EQ(given("signal=HUP").signal("signal"), SIGHUP);
  EXPECT_EQ(given("signal=SIGHUP").signal("signal"), SIGHUP);
  EXPECT_EQ(given("", R"({"signal": 9})").signal("signal"), SIGKILL);
  EXPECT_EQ(given("").duration("within"), std::nullopt);
}

TEST(request_parameters, that_cannot_be_read_say_what_was_expected) {
  for (const auto* text : {"8", "s", "8x", "-1s", "1.5s", "25h", "99999999999999999999s", "8 s"}) {
    const auto got = given("within=" + percent_encoded(text)).duration("within");
    ASSERT_FALSE(got) << text;
    EXPECT_THAT(got.error().message(), HasSubstr("a duration of at most a day is expected"));
  }
  EXPECT_FALSE(given("n=11").number("n", 10));
  EXPECT_FALSE(given("n=").number("n", 10));
  EXPECT_FALSE(given("b=yes").boolean("b", true));
  for (const auto* text : {"0", "65", "-9", "KILLER", "SIG"}) EXPECT_FALSE(given("s=" + std::string(text)).signal("s"));
  EXPECT_FALSE(parameters::of({}, "[1]"));
  EXPECT_FALSE(parameters::of({}, "{"));
  EXPECT_FALSE(parameters::of({{"a", "1"}}, R"({"a": 1})")) << "twice";
}

TEST(request, needs_its_role) {
  struct {
    const char* method;
    const char* target;
    role least;
  } const rows[] = {
      {"GET", "/metrics", role::metrics},
      {"GET", "/healthz", role::metrics},
      {"GET", "/v1/status", role::read},
      {"GET", "/v1/logs", role::read},
      {"POST", "/v1/workers/a/stop", role::operate},
      {"POST", "/v1/workers/stop", role::operate},
      {"PUT", "/v1/workers/a/replicas", role::operate},
      {"POST", "/v1/reload", role::admin},
      {"POST", "/v1/stop", role::admin},
  };
  for (const auto& row : rows) {
    for (const auto may : {role::metrics, role::read, role::operate, role::admin}) {
      EXPECT_EQ(status_of({row.method, row.target, {}, {}}, may), may < row.least ? 403U : 200U) << row.target;
    }
    EXPECT_EQ(status_of({row.method, row.target, {}, {}}, role::nobody), 401U);
  }
}

TEST(request, every_route_can_be_had_and_is_documented_once) {
  std::set<std::string_view> names;
  for (const auto& route : routes()) {
    std::string path(route.path);
    if (const auto at = path.find("{name}"); at != std::string::npos) path.replace(at, 6, "a");
    const auto wanted = understood({std::string(route.method), path, {}, {}}, role::admin);
    ASSERT_TRUE(wanted) << path;
    EXPECT_EQ(wanted->to, &route);
    EXPECT_TRUE(names.insert(route.id).second) << route.id;
  }
}

TEST(access, of_a_user_is_what_the_rules_say) {
  const access_rules rules{.users = {{1000, role::read}}};
  EXPECT_EQ(role_of_user(rules, 0, 42), role::admin);
  EXPECT_EQ(role_of_user(rules, 42, 42), role::admin);
  EXPECT_EQ(role_of_user(rules, 1000, 42), role::read);
  EXPECT_EQ(role_of_user(rules, 1001, 42), role::nobody);
}

TEST(access, roles_are_read_as_they_are_written) {
  for (const auto one : {role::metrics, role::read, role::operate, role::admin})
    EXPECT_EQ(parse_role(to_string(one)), one);
  EXPECT_EQ(parse_role("root"), std::nullopt);
}

TEST(worker_filter, takes_names_and_patterns) {
  EXPECT_TRUE(worker_filter("").lets_pass("a"));
  EXPECT_TRUE(worker_filter("b,a-*").lets_pass("a-1"));
  EXPECT_FALSE(worker_filter("b,a-*").lets_pass("c"));
}

TEST(event_parser, puts_events_together_however_they_come) {
  const std::string text = ": comment\n\nid: 1\nevent: ready\ndata: {\"a\":1}\n\nid: 2\r\ndata: x\r\ndata: y\r\n\r\n";
  event_parser parser;
  std::vector<server_event> got;
  for (const char c : text) {
    parser.add(std::string_view(&c, 1));
    while (auto next = parser.next()) got.push_back(*next);
  }
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].type, "ready");
  EXPECT_EQ(got[0].data, "{\"a\":1}");
  EXPECT_EQ(got[1].id, "2");
  EXPECT_EQ(got[1].data, "x\ny");
}
