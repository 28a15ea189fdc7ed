// Events and logs: looked at, followed, and resumed.
#include <future>
#include <set>

#include "control_fixture.hpp"
#include "raw_connection.hpp"

using control_tests::control_server;
using control_tests::raw_connection;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using namespace std::chrono_literals;
namespace control = lineshaft::control;
namespace json = boost::json;

namespace {

class streams : public control_server {
 protected:
  /// "ready a", as far as it is kept.
  std::vector<std::string> kept(const std::string& query = {}) {
    std::vector<std::string> lines;
    const auto answer = ask("GET", "/v1/events?follow=false" + query);
    for (const auto& one : answer.at("events").get_array()) {
      lines.push_back(std::string(one.at("event").get_string()) + " " + std::string(one.at("worker").get_string()));
    }
    return lines;
  }
  /// The first `count` of a stream.
  std::vector<control::server_event> followed(const std::string& target, std::size_t count) {
    std::vector<control::server_event> got;
    control::client client(socket_);
    const auto done = client.follow(target, [&](const control::server_event& one) {
      got.push_back(one);
      return got.size() < count;
    });
    EXPECT_TRUE(done) << done.error().message();
    return got;
  }
  /// A program whose output is kept in memory.
  void print(const std::string& name, const std::string& script) {
    lineshaft::start_options how;
    how.output.to = lineshaft::output_to::memory;
    how.restart.mode = lineshaft::restart_mode::never;
    ASSERT_TRUE(manager_.start_command(name, {"sh", "-c", script}, how));
  }
};

}  // namespace

TEST_F(streams, events_are_kept_and_told_in_order_with_their_numbers) {
  start("a");
  ask("POST", "/v1/workers/a/stop");
  ASSERT_TRUE(support::eventually([&] { return kept().size() >= 6; }));
  EXPECT_THAT(kept(), ElementsAre("starting a", "started a", "ready a", "stopping a", "exited a", "stopped a"));
  EXPECT_THAT(kept("&since=4"), ElementsAre("exited a", "stopped a"));
  EXPECT_THAT(kept("&workers=b*"), IsEmpty());
  EXPECT_EQ(ask("GET", "/v1/events?follow=false").at("last"), 6);
}

TEST_F(streams, events_are_followed_and_resumed_where_the_reader_was) {
  start("a");
  ASSERT_TRUE(support::eventually([&] { return kept().size() >= 3; }));
  const auto first = followed("/v1/events?since=0", 2);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[1].id, "2");
  EXPECT_EQ(first[1].type, "started");
  EXPECT_EQ(object(first[1].data).at("worker"), "a");
  const auto resumed = raw_connection::to(socket_);
  resumed.send("GET /v1/events?since=0 HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 2\r\n\r\n");
  const auto text = resumed.read_until("id: 3\n");
  EXPECT_THAT(text, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_EQ(text.find("id: 1\n"), std::string::npos);
  const auto of_a_manager_that_has_gone = followed("/v1/events?since=1000", 1);
  EXPECT_EQ(of_a_manager_that_has_gone[0].id, "1");
}

TEST_F(streams, a_follower_hears_what_comes) {
  auto heard = std::async(std::launch::async, [this] { return followed("/v1/events?since=0&workers=b", 3); });
  start("a");
  start("b");
  const auto events = heard.get();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[2].type, "ready");
}

TEST_F(streams, what_is_not_kept_any_more_is_told_as_missed) {
  control::history<int> numbers(2);
  for (int number = 1; number <= 5; ++number) numbers.add(static_cast<std::uint64_t>(number), number * 10);
  const auto all = numbers.after(1, 10);
  EXPECT_EQ(all.missed, 2U);
  EXPECT_EQ(all.last, 5U);
  EXPECT_THAT(all.items, ElementsAre(40, 50));
  EXPECT_EQ(numbers.after(3, 10).missed, 0U);
  EXPECT_THAT(numbers.after(5, 10).items, IsEmpty());
  EXPECT_THAT(numbers.after(99, 1).items, ElementsAre(40));
}

TEST_F(streams, a_follower_is_let_go_when_the_server_ends) {
  std::promise<void> listens;
  auto followed = std::async(std::launch::async, [&] {
    control::client client(socket_);
    return client.follow("/v1/events?since=0", [&](const control::server_event& one) {
      if (one.type == "ready") listens.set_value();
      return true;
    });
  });
  start("a");
  listens.get_future().wait();
  server_.reset();
  EXPECT_TRUE(followed.get());
}

TEST_F(streams, a_follower_can_be_told_to_leave) {
  std::stop_source stop;
  std::promise<void> listens;
  auto followed = std::async(std::launch::async, [&] {
    control::client client(socket_);
    return client.follow(
        "/v1/events?since=0",
        [&](const control::server_event& one) {
          if (one.type == "ready") listens.set_value();
          return true;
        },
        stop.get_token());
  });
  start("a");
  listens.get_future().wait();
  stop.request_stop();
  EXPECT_TRUE(followed.get());
}

TEST_F(streams, followers_that_fill_the_house_make_room_and_come_back_where_they_were) {
  server_.reset();
  serve({.most = {.connections = 4}});
  std::vector<raw_connection> followers;
  for (int number = 0; number < 8; ++number) {
    followers.push_back(raw_connection::to(socket_));
    followers.back().send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(followers.back().read_until(": here"), HasSubstr("200 OK"));
  }
  ask("GET", "/v1/status");
}

TEST_F(streams, logs_are_kept_and_followed_with_worker_and_stream) {
  print("talks", "echo one; echo two >&2; echo three; exec sleep 1000");
  const auto lines = followed("/v1/logs?since=0&workers=talks", 3);
  std::set<std::string> said;
  for (const auto& one : lines) {
    const auto line = object(one.data);
    EXPECT_EQ(line.at("worker"), "talks");
    EXPECT_EQ(line.at("generation"), 1);
    said.insert(std::string(line.at("stream").get_string()) + " " + std::string(line.at("line").get_string()));
  }
  EXPECT_EQ(said, (std::set<std::string>{"out one", "err two", "out three"}));
  const auto all = ask("GET", "/v1/logs?follow=false");
  EXPECT_EQ(all.at("lines").get_array().size(), 3U);
  EXPECT_EQ(all.at("last"), 3);
  EXPECT_EQ(ask("GET", "/v1/logs?follow=false&since=2").at("lines").get_array().size(), 1U);
  EXPECT_EQ(ask("GET", "/v1/logs?follow=false&workers=other").at("lines").get_array().size(), 0U);
}

TEST_F(streams, who_follows_a_flood_in_time_gets_every_line_and_nobody_waits_for_who_does_not) {
  auto heard = std::async(std::launch::async, [this] { return followed("/v1/logs?since=0", 400); });
  // Of what nobody follows the last lines alone are kept.
  control::commands commands(manager_);
  ASSERT_TRUE(support::eventually([&] { return commands.output().is_followed(); }));
  print("floods", "i=0; while [ $i -lt 400 ]; do echo line $i; i=$((i+1)); done; exec sleep 1000");
  const auto lines = heard.get();
  ASSERT_EQ(lines.size(), 400U);
  if (lines[0].type == "line") {
    EXPECT_EQ(object(lines.front().data).at("line"), "line 0");
  }
  const auto deaf = raw_connection::to(socket_);
  deaf.send("GET /v1/logs?since=0 HTTP/1.1\r\nHost: x\r\n\r\n");
  print("floods-more", "yes | head -c 20000000; exec sleep 1000");
  ASSERT_TRUE(support::eventually([&] { return manager_.get_status("floods-more").output.bytes >= 20000000; }));
  ask("GET", "/v1/status");
}

TEST_F(streams, lines_that_are_no_text_come_as_text) {
  print("talks", "printf 'a\\377b\\n'; exec sleep 1000");
  const auto lines = followed("/v1/logs?since=0", 1);
  EXPECT_EQ(object(lines[0].data).at("line"),
            "a\xEF\xBF\xBD"
            "b");
}
