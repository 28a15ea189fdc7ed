// Looking at workers and commanding them over the control socket.
#include <sys/stat.h>

#include <filesystem>
#include <format>
#include <future>

#include "control_fixture.hpp"
#include "raw_connection.hpp"

using control_tests::control_server;
using lineshaft::worker_state;
using testing::HasSubstr;
using namespace std::chrono_literals;
namespace control = lineshaft::control;
namespace json = boost::json;

namespace {

lineshaft::worker_spec replicated(std::string name, std::string class_name, std::uint32_t replicas) {
  lineshaft::worker_spec spec{.name = std::move(name), .class_name = std::move(class_name)};
  spec.replicas = replicas;
  return spec;
}

/// Who asked, as the exit records tell it.
std::string this_client() { return std::format("api user {} process {}", ::getuid(), ::getpid()); }

}  // namespace

TEST_F(control_server, tells_the_status_of_all_as_the_contract_says) {
  start("b");
  start("a", "counts");
  const auto status = ask("GET", "/v1/status");
  EXPECT_EQ(status.at("pipeline"), "tests");
  EXPECT_EQ(status.at("manager").at("pid"), ::getpid());
  EXPECT_FALSE(status.at("manager").at("version").get_string().empty());
  EXPECT_GE(status.at("manager").at("uptime_ms").get_int64(), 0);
  const auto& workers = status.at("workers").get_array();
  ASSERT_EQ(workers.size(), 2U);
  EXPECT_EQ(workers.at(0).at("name"), "a");
  EXPECT_EQ(workers.at(1).at("alive"), true);
}

TEST_F(control_server, answers_who_came_before_it_was_open_when_it_is) {
  server_.reset();
  listen();
  const auto early = control_tests::raw_connection::to(socket_);
  early.send("GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n");
  run({.workers = {{.name = "a", .class_name = "idle"}}});
  server_->open();
  EXPECT_THAT(early.read_until("}\n"), HasSubstr(R"("name":"a")")) << "a pipeline is there from the first answer on";
}

TEST_F(control_server, that_was_never_opened_leaves_no_socket) {
  server_.reset();
  listen();
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket_));
}

TEST_F(control_server, tells_the_status_of_one_and_who_else_there_is) {
  start("a");
  run({.workers = {replicated("processor", "idle", 2)}});
  EXPECT_EQ(ask("GET", "/v1/workers/a").at("pid"), *manager_.get_status("a").pid);
  EXPECT_THAT(refused(404, "GET", "/v1/workers/b"), HasSubstr("there is no worker 'b', but a, processor-0"));
  EXPECT_THAT(refused(404, "GET", "/v1/workers/processor"), HasSubstr("its replicas: processor-0, processor-1"));
}

TEST_F(control_server, stops_a_worker_and_starts_it_again) {
  start("a");
  const auto stopped = ask("POST", "/v1/workers/a/stop?within=8s");
  EXPECT_EQ(stopped.at("outcome"), "clean");
  EXPECT_EQ(stopped.at("exit").at("generation"), 1);
  EXPECT_EQ(stopped.at("exit").at("asked_by").as_string(), this_client());
  EXPECT_EQ(ask("POST", "/v1/workers/a/stop").at("outcome"), "not_running");
  const auto started = ask("POST", "/v1/workers/a/start");
  EXPECT_EQ(started.at("generation"), 2);
  EXPECT_EQ(started.at("pid"), *manager_.get_status("a").pid);
  EXPECT_EQ(ask("POST", "/v1/workers/a/start").at("pid"), started.at("pid")) << "it runs already";
}

TEST_F(control_server, stops_several_in_the_order_of_their_dependencies) {
  lineshaft::worker_spec later{.name = "later", .class_name = "idle", .how = {.after = {{"first"}}}};
  run({.workers = {{.name = "first", .class_name = "idle"}, later, {.name = "other", .class_name = "idle"}}});
  ASSERT_TRUE(becomes("later", worker_state::running));
  const auto stopped = ask("POST", "/v1/workers/stop", R"({"workers": "later,fir*", "within": "5s"})");
  ASSERT_EQ(stopped.at("workers").get_array().size(), 2U);
  EXPECT_EQ(stopped.at("workers").at(0).at("name"), "first");
  EXPECT_EQ(stopped.at("workers").at(0).at("outcome"), "clean");
  EXPECT_EQ(manager_.get_status("other").state, worker_state::running);
  EXPECT_THAT(refused(404, "POST", "/v1/workers/stop?workers=none*"), HasSubstr("no worker that 'none*' means"));
  EXPECT_THAT(refused(400, "POST", "/v1/workers/stop"), HasSubstr("'workers' is expected"));
}

TEST_F(control_server, a_stop_that_takes_its_time_holds_up_nobody) {
  start("hangs", "never_stops");
  start("a");
  auto other = std::async(std::launch::async, [this] {
    control::client client(socket_);
    return client.ask("POST", "/v1/workers/hangs/stop?within=2s");
  });
  ASSERT_TRUE(becomes("hangs", worker_state::stopping));
  EXPECT_EQ(ask("POST", "/v1/workers/a/stop").at("outcome"), "clean");
  EXPECT_EQ(ask("GET", "/v1/workers/hangs").at("state"), "stopping");
  EXPECT_EQ(other.get()->at("outcome"), "killed");
}

TEST_F(control_server, restarts_one_worker_or_all_its_replicas) {
  start("a");
  EXPECT_EQ(ask("POST", "/v1/workers/a/restart").at("generation"), 2);
  run({.workers = {replicated("processor", "idle", 2)}});
  ASSERT_TRUE(becomes("processor-1", worker_state::running));
  const auto rolled = ask("POST", "/v1/workers/processor/restart");
  EXPECT_EQ(rolled.at("replicas"), (json::array{"processor-0", "processor-1"}));
  EXPECT_EQ(manager_.get_status("processor-1").generation, 2U);
  EXPECT_EQ(manager_.exit_records("processor-1").back().asked_by, this_client());
}

TEST_F(control_server, sends_signals_by_name_and_by_number) {
  start("a");
  EXPECT_EQ(ask("POST", "/v1/workers/a/signal?signal=SIGTERM").at("signal"), SIGTERM);
  ASSERT_TRUE(becomes("a", worker_state::stopped));
  EXPECT_EQ(manager_.exit_records("a").back().asked_by, this_client());
  EXPECT_THAT(refused(409, "POST", "/v1/workers/a/signal", R"({"signal": 1})"), HasSubstr("it has no process"));
  EXPECT_THAT(refused(400, "POST", "/v1/workers/a/signal"), HasSubstr("a signal is expected"));
  EXPECT_THAT(refused(400, "POST", "/v1/workers/a/signal?signal=SIGSOUP"), HasSubstr("'signal' is 'SIGSOUP'"));
}

TEST_F(control_server, changes_the_number_of_replicas) {
  run({.workers = {replicated("processor", "idle", 1)}});
  EXPECT_EQ(ask("PUT", "/v1/workers/processor/replicas", R"({"replicas": 3})").at("replicas"), 3);
  ASSERT_TRUE(becomes("processor-2", worker_state::running));
  EXPECT_EQ(ask("PUT", "/v1/workers/processor/replicas?replicas=1").at("replicas"), 1);
  EXPECT_THAT(refused(400, "PUT", "/v1/workers/processor/replicas", R"({"replicas": -1})"), HasSubstr("from 0 to"));
  start("a");
  EXPECT_THAT(refused(409, "PUT", "/v1/workers/a/replicas?replicas=2"), HasSubstr("no worker of that name with"));
}

TEST_F(control_server, stops_everything_and_tells_the_program_first) {
  server_.reset();
  std::atomic<bool> told = false;
  serve({}, {.stopping = [&](auto within) { told = within == 5s; }});
  start("a");
  start("b");
  const auto stopped = ask("POST", "/v1/stop?within=5s");
  EXPECT_TRUE(told);
  ASSERT_EQ(stopped.at("workers").get_array().size(), 2U);
  EXPECT_EQ(stopped.at("workers").at(1).at("outcome"), "clean");
}

TEST_F(control_server, an_answer_under_way_is_sent_before_the_server_ends) {
  start("hangs", "never_stops");
  auto asked = std::async(std::launch::async, [this] {
    control::client client(socket_);
    return client.ask("POST", "/v1/workers/hangs/stop?within=300ms");
  });
  ASSERT_TRUE(becomes("hangs", worker_state::stopping));
  server_.reset();
  const auto answered = asked.get();
  ASSERT_TRUE(answered) << answered.error().message();
  EXPECT_EQ(answered->at("outcome"), "killed");
  const auto later = client_.ask("GET", "/v1/status");
  ASSERT_FALSE(later);
  EXPECT_TRUE(control::nobody_is_there(later.error())) << later.error().message();
}

TEST_F(control_server, what_is_not_there_is_said_with_what_is) {
  EXPECT_THAT(refused(404, "GET", "/v2/status"), HasSubstr("/v1/openapi.json"));
  const auto got = send("DELETE", "/v1/status");
  EXPECT_EQ(got.status, 405U);
  EXPECT_THAT(got.body, HasSubstr("but GET is"));
  EXPECT_THAT(refused(400, "POST", "/v1/workers/a/stop?wihtin=8s"), HasSubstr("no parameter 'wihtin'"));
}

TEST_F(control_server, is_for_its_own_user_alone) {
  struct stat file{};
  ASSERT_EQ(::stat(socket_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
}
