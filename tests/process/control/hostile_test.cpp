// Clients that are slow, many, or up to no good.
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <future>

#include "control/commands.hpp"
#include "control_fixture.hpp"
#include "raw_connection.hpp"
#include "support/processes.hpp"

using control_tests::control_server;
using control_tests::raw_connection;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;
using namespace std::string_view_literals;
namespace control = lineshaft::control;

namespace {

class hostile : public control_server {
 protected:
  void SetUp() override {}
  raw_connection connect() { return raw_connection::to(socket_); }
  /// What the kernel knows of the supervisor's thread.
  std::string thread_of_supervisor() {
    // Whoever would still have something to say to it.
    EXPECT_TRUE(support::eventually(support::fork_server_rests));
    std::promise<pid_t> told;
    control::commands(manager_).is_there([&told](bool) { told.set_value(::gettid()); });
    return "/proc/self/task/" + std::to_string(told.get_future().get()) + "/status";
  }
  /// How often it has gone to sleep, once it sleeps: whatever it does, it sleeps after it.
  static std::string turns_of(const std::string& thread) {
    std::string turns;
    const auto sleeps = [&] {
      std::string state;
      std::ifstream status(thread);
      for (std::string line; std::getline(status, line);) {
        if (line.starts_with("State:")) state = line;
        if (line.starts_with("voluntary_ctxt_switches:")) turns = line;
      }
      return state.contains("S (sleeping)");
    };
    EXPECT_TRUE(support::eventually(sleeps));
    return turns;
  }
  std::string answer_to(std::string_view text) {
    const auto client = connect();
    client.send(text);
    return client.read_all();
  }
};

}  // namespace

TEST_F(hostile, a_thousand_idle_connections_keep_nobody_out_and_cost_the_supervisor_nothing) {
  serve({.most = {.connections = 64}});
  start("a");
  const auto supervisor = thread_of_supervisor();
  const auto before = turns_of(supervisor);
  std::vector<raw_connection> idle;
  for (int number = 0; number < 1000; ++number) idle.push_back(connect());
  EXPECT_EQ(ask("GET", "/v1/workers/a").at("state"), "running");
  EXPECT_EQ(turns_of(supervisor), before) << "it was not even woken";
  EXPECT_EQ(ask("POST", "/v1/workers/a/restart").at("generation"), 2);
  EXPECT_TRUE(idle.back().is_connected());
}

TEST_F(hostile, requests_that_come_a_byte_at_a_time_end_at_their_deadline_and_cost_the_supervisor_nothing) {
  serve({.most = {.connections = 64, .request_time = 300ms}});
  start("a");
  const auto supervisor = thread_of_supervisor();
  const auto before = turns_of(supervisor);
  std::vector<raw_connection> slow;
  for (int number = 0; number < 60; ++number) slow.push_back(connect());
  const auto began = std::chrono::steady_clock::now();
  std::jthread drips([&](const std::stop_token& stop) {
    for (const auto& one : slow) one.send("GET /v1/status HTTP/1.1\r\nX: ");
    while (!stop.stop_requested()) {
      for (const auto& one : slow) one.send("a");
      std::this_thread::sleep_for(20ms);
    }
  });
  EXPECT_EQ(ask("GET", "/v1/workers/a").at("state"), "running");
  for (const auto& one : slow)
    EXPECT_THAT(one.read_all(), AnyOf(StartsWith("HTTP/1.1 408"), IsEmpty())) << "the reset may overtake the answer";
  EXPECT_GE(std::chrono::steady_clock::now() - began, 300ms);
  EXPECT_EQ(turns_of(supervisor), before);
}

TEST_F(hostile, an_idle_connection_is_ended_and_a_client_finds_its_way_back) {
  serve({.most = {.idle_time = 50ms}});
  ask("GET", "/v1/status");
  EXPECT_EQ(connect().read_all(), "");
  ask("GET", "/v1/status");
}

TEST_F(hostile, one_who_does_not_read_holds_up_nobody) {
  serve({.most = {.connections = 8, .write_time = 200ms}});
  for (int number = 0; number < 50; ++number) start("worker-" + std::to_string(number));
  std::vector<raw_connection> deaf;
  for (int number = 0; number < 8; ++number) {
    deaf.push_back(connect());
    for (int request = 0; request < 50; ++request) deaf.back().send("GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  EXPECT_EQ(ask("GET", "/v1/workers/worker-1").at("state"), "running");
}

TEST_F(hostile, what_is_too_large_is_refused_with_the_reason) {
  serve({.most = {.header_bytes = 4096, .body_bytes = 4096}});
  const auto refused_with = [&](std::string_view status, const std::string& text) {
    const auto got = answer_to(text);
    EXPECT_THAT(got, StartsWith("HTTP/1.1 " + std::string(status))) << text.substr(0, 80);
    EXPECT_THAT(got, HasSubstr("application/problem+json"));
  };
  refused_with("431", "GET /v1/status HTTP/1.1\r\nX: " + std::string(5000, 'a') + "\r\n\r\n");
  refused_with("431", "GET /" + std::string(5000, 'a') + " HTTP/1.1\r\n\r\n");
  refused_with("413", "POST /v1/stop HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, ' '));
  refused_with("413", "POST /v1/stop HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n");
  ask("GET", "/v1/status");
}

TEST_F(hostile, what_is_no_request_is_refused_and_the_connection_ended) {
  serve();
  for (const std::string_view text : {
           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello, TLS\r\n\r\n"sv,
           "GET\r\n\r\n"sv,
           "GET /v1/status\r\n\r\n"sv,
           "GET /v1/status HTTP/9.9\r\n\r\n"sv,
           "GET /v1/status HTTP/1.1\r\nbad header\r\n\r\n"sv,
           "GET /v1/status HTTP/1.1\r\nX: a\0b\r\n\r\n"sv,
           "POST /v1/stop HTTP/1.1\r\nContent-Length: x\r\n\r\n"sv,
           "POST /v1/stop HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"sv,
           "POST /v1/stop HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv,
           "POST /v1/stop HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"sv,
       }) {
    EXPECT_THAT(answer_to(text), StartsWith("HTTP/1.1 400")) << text;
  }
  ask("GET", "/v1/status");
}

TEST_F(hostile, what_cannot_be_understood_is_refused_and_the_connection_goes_on) {
  serve();
  const auto client = connect();
  for (const auto* target : {"/v1/workers/%", "/v1/workers/%zz", "/v1/workers/a%00b", "/v1/workers/a%2Fb", "*",
                             "http://elsewhere/v1/status", "/v1/status?x=1", "/v1/events?since=-1&follow=false"}) {
    const auto got = client.ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(got, StartsWith("HTTP/1.1 400")) << target;
  }
  for (const auto* body : {"{", "[]", "{\"signal\": {\"a\": [1]}}", "[[[[[[[[[[[[[[[[", "\"\xff\""}) {
    const auto got = client.ask("POST /v1/stop HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                                std::to_string(std::string_view(body).size()) + "\r\n\r\n" + body);
    EXPECT_THAT(got, StartsWith("HTTP/1.1 400")) << body;
  }
  EXPECT_THAT(client.ask("GET /v1/../v1/status HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(client.ask("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_F(hostile, requests_that_come_together_are_answered_in_their_order) {
  serve();
  const auto client = connect();
  client.send(
      "GET /healthz HTTP/1.1\r\n\r\nGET /nothing HTTP/1.1\r\n\r\nGET /readyz HTTP/1.1\r\nConnection: close\r\n\r\n");
  const auto got = client.read_all();
  EXPECT_LT(got.find("200 OK"), got.find("404 Not Found"));
  EXPECT_LT(got.find("404 Not Found"), got.find("503 Service"));
}

TEST_F(hostile, no_endpoint_takes_a_command_line) {
  serve();
  for (const auto& route : control::routes()) {
    EXPECT_THAT(std::string(route.path), Not(HasSubstr("exec")));
    for (const auto& parameter : route.parameters) {
      EXPECT_THAT(std::string(parameter.name), Not(AnyOf("command", "argv", "env", "options", "class")));
    }
  }
}

TEST_F(hostile, tcp_answers_only_with_a_token_and_only_under_its_own_name) {
  const std::string reads(32, 'r'), operates(32, 'o');
  serve({.tcp = "127.0.0.1:0",
         .tokens = {{reads, lineshaft::role::read}, {operates, lineshaft::role::operate}},
         .hosts = {"Lineshaft.Example"}});
  const auto port = server_->tcp_port();
  ASSERT_NE(port, 0);
  start("a");
  const auto host = "127.0.0.1:" + std::to_string(port);
  const auto got = [&](std::string_view request, const std::string& token, const std::string& name,
                       const std::string& more = {}) {
    const auto client = raw_connection::to(port);
    return client
        .ask(std::string(request) + " HTTP/1.1\r\nHost: " + name + "\r\n" +
             (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + more + "\r\n")
        .substr(0, 12);
  };
  EXPECT_EQ(got("GET /v1/status", reads, host), "HTTP/1.1 200");
  EXPECT_EQ(got("GET /v1/status", reads, "LOCALHOST:" + std::to_string(port)), "HTTP/1.1 200");
  EXPECT_EQ(got("GET /v1/status", reads, "lineshaft.example"), "HTTP/1.1 200");
  EXPECT_EQ(got("GET /v1/status", reads, "lineshaft.example", "Origin: https://lineshaft.example\r\n"), "HTTP/1.1 200");
  EXPECT_EQ(got("GET /v1/status", reads, host, "Origin: https://attacker.example\r\n"), "HTTP/1.1 403");
  EXPECT_EQ(got("GET /v1/status", reads, host, "Origin: ftp://" + host + "\r\n"), "HTTP/1.1 403");
  EXPECT_EQ(got("GET /v1/status", "", host), "HTTP/1.1 401");
  EXPECT_EQ(got("GET /healthz", "", host), "HTTP/1.1 401");
  EXPECT_EQ(got("GET /v1/status", std::string(32, 'x'), host), "HTTP/1.1 401");
  EXPECT_EQ(got("GET /v1/status", reads.substr(1), host), "HTTP/1.1 401");
  EXPECT_EQ(got("GET /v1/status", reads, "attacker.example"), "HTTP/1.1 421");
  EXPECT_EQ(got("GET /v1/status", reads, "attacker.example:" + std::to_string(port)), "HTTP/1.1 421");
  EXPECT_EQ(got("GET /v1/status", reads, host, "Origin: http://attacker.example\r\n"), "HTTP/1.1 403");
  EXPECT_EQ(got("GET /v1/status", reads, host, "Origin: null\r\n"), "HTTP/1.1 403");
  EXPECT_EQ(got("GET /v1/status", reads, host, "Origin: http://" + host + "\r\n"), "HTTP/1.1 200");
  EXPECT_EQ(got("POST /v1/workers/a/restart", reads, host), "HTTP/1.1 403");
  EXPECT_EQ(got("POST /v1/workers/a/restart", operates, host), "HTTP/1.1 200");
  EXPECT_EQ(got("POST /v1/stop", operates, host), "HTTP/1.1 403");
}

TEST_F(hostile, tcp_without_a_token_or_with_a_short_one_is_not_served) {
  for (const auto& tokens : {std::vector<control::token_grant>(), {{"short", lineshaft::role::read}}}) {
    const auto served = control::server::listen(manager_, {.socket = socket_, .tcp = "127.0.0.1:0", .tokens = tokens});
    ASSERT_FALSE(served);
    EXPECT_THAT(served.error().message(), HasSubstr("token"));
  }
}

TEST_F(hostile, the_port_of_health_has_health_and_nothing_else) {
  serve({.health = "127.0.0.1:0"});
  start("a");
  const auto port = server_->health_port();
  const auto status = [&](const std::string& request) {
    return raw_connection::to(port).ask(request + " HTTP/1.1\r\nHost: 10.1.2.3:8081\r\n\r\n").substr(0, 12);
  };
  EXPECT_EQ(status("GET /healthz"), "HTTP/1.1 200");
  EXPECT_EQ(status("GET /readyz"), "HTTP/1.1 200");
  EXPECT_EQ(status("GET /health"), "HTTP/1.1 200");
  EXPECT_EQ(status("GET /v1/status"), "HTTP/1.1 403");
  EXPECT_EQ(status("POST /v1/stop"), "HTTP/1.1 403");
  EXPECT_EQ(server_->tcp_port(), 0);
}

TEST_F(hostile, a_socket_that_is_in_use_is_left_alone_and_one_whose_owner_died_is_replaced) {
  serve();
  const auto second = control::server::listen(manager_, {.socket = socket_});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message(), HasSubstr("cannot listen at '" + socket_ + "'"));
  ask("GET", "/v1/status");
}
