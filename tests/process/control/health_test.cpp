// What machines look at: health, readiness, metrics.
#include "control_fixture.hpp"

using control_tests::control_server;
using lineshaft::worker_state;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;
namespace control = lineshaft::control;
namespace json = boost::json;

namespace {

std::vector<std::string> keys_of(const json::object& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object) keys.emplace_back(key);
  return keys;
}

lineshaft::start_options never_restarted() {
  lineshaft::start_options how;
  how.restart.mode = lineshaft::restart_mode::never;
  return how;
}

}  // namespace

TEST_F(control_server, healthz_says_that_the_manager_is_alive) {
  EXPECT_EQ(ask("GET", "/healthz").at("status"), "alive");
  EXPECT_EQ(send("HEAD", "/healthz").status, 200U);
}

TEST_F(control_server, readyz_waits_for_the_essential_workers_and_no_others) {
  EXPECT_EQ(send("GET", "/readyz").status, 503U) << "nothing has been started";
  start("other");
  EXPECT_EQ(send("GET", "/readyz").status, 200U);
  lineshaft::start_options how;
  how.essential = true;
  how.ready = lineshaft::ready_when::notify;
  ASSERT_TRUE(manager_.start_worker("idle", "main", {}, how)) << "which never says that it is ready";
  const auto waiting = send("GET", "/readyz");
  EXPECT_EQ(waiting.status, 503U);
  EXPECT_EQ(object(waiting.body).at("missing").at(0).at("worker"), "main");
  start("main2", "idle", {.essential = true});
  ask("POST", "/v1/workers/main/stop");
  EXPECT_EQ(send("GET", "/readyz").status, 503U) << "a stopped essential worker is not ready";
}

TEST_F(control_server, readyz_waits_for_the_members_of_an_essential_group) {
  lineshaft::pipeline_spec spec;
  spec.groups = {{.name = "heart", .essential = true}, {.name = "other"}};
  spec.workers = {{.name = "a", .class_name = "idle"}, {.name = "b", .class_name = "idle"}};
  spec.workers[0].how.group = "heart";
  spec.workers[1].how.group = "other";
  run(spec);
  ASSERT_TRUE(manager_.wait_ready("a"));
  ASSERT_TRUE(manager_.wait_ready("b"));
  EXPECT_EQ(ask("GET", "/v1/workers/a").at("essential"), true);
  EXPECT_EQ(ask("GET", "/v1/workers/b").at("essential"), false);
  ask("POST", "/v1/workers/b/stop");
  EXPECT_EQ(send("GET", "/readyz").status, 200U);
  ask("POST", "/v1/workers/a/stop");
  EXPECT_EQ(object(send("GET", "/readyz").body).at("missing").at(0).at("worker"), "a");
}

TEST_F(control_server, health_has_the_shape_of_the_predecessors) {
  start("a", "counts");
  const auto health = ask("GET", "/health");
  EXPECT_THAT(keys_of(health), ElementsAre("service", "status", "status_code", "container_image", "image_version",
                                           "parallelism", "prefetch_count", "max_concurrency", "processors"));
  EXPECT_EQ(health.at("status"), "OK");
  EXPECT_EQ(health.at("status_code"), 1);
  EXPECT_THAT(keys_of(health.at("processors").at(0).get_object()),
              ElementsAre("alive", "pid", "processed", "errors", "decoding_errors", "published", "processing_errors",
                          "mdq_connected", "mdc_connected", "restarts", "running", "name"));
}

TEST_F(control_server, health_is_an_error_when_a_worker_is_dead_and_not_when_it_was_stopped) {
  start("stopped");
  start("dead", "idle", never_restarted());
  ask("POST", "/v1/workers/stopped/stop");
  EXPECT_EQ(send("GET", "/health").status, 200U);
  ask("POST", "/v1/workers/dead/signal?signal=KILL");
  ASSERT_TRUE(becomes("dead", worker_state::failed));
  const auto got = send("GET", "/health");
  EXPECT_EQ(got.status, 503U);
  const auto health = object(got.body);
  EXPECT_EQ(health.at("status"), "ERROR");
  EXPECT_EQ(health.at("status_code"), 0);
  EXPECT_EQ(health.at("message"), "'dead' is dead: killed by SIGKILL");
}

TEST_F(control_server, metrics_have_every_figure_of_every_worker) {
  start("a", "counts");
  ASSERT_TRUE(support::eventually([&] { return manager_.get_status("a").processed > 0; }));
  const auto got = send("GET", "/metrics");
  EXPECT_EQ(got.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(got.body, HasSubstr("# TYPE lineshaft_worker_processed_total counter"));
  EXPECT_THAT(got.body, HasSubstr("lineshaft_worker_errors_total{worker=\"a\",class=\"counts\"} 3"));
  EXPECT_THAT(got.body, HasSubstr("lineshaft_app_depth{worker=\"a\",class=\"counts\"} 1.5"));
  EXPECT_THAT(got.body, HasSubstr("# HELP lineshaft_app_extra_total one more\n"));
  EXPECT_THAT(got.body, HasSubstr("lineshaft_app_extra_total{worker=\"a\",class=\"counts\"}"));
  EXPECT_THAT(got.body, HasSubstr("lineshaft_worker_state{worker=\"a\",class=\"counts\",state=\"running\"} 1"));
  EXPECT_THAT(got.body,
              HasSubstr("lineshaft_worker_process_restarts_total{worker=\"a\",class=\"counts\",cause=\"crash\"} 0"));
  EXPECT_THAT(got.body, Not(HasSubstr("kuhl_haus")));
}

TEST_F(control_server, metrics_have_the_predecessors_names_when_asked) {
  server_.reset();
  serve({.names = control::metric_names::predecessors_too});
  start("a", "counts");
  const auto text = send("GET", "/metrics").body;
  EXPECT_THAT(text, HasSubstr("kuhl_haus_mdp_processor_alive{worker_id=\"0\",worker=\"a\"} 1"));
  EXPECT_THAT(text, HasSubstr("kuhl_haus_service_up{service=\"tests\""));
}

TEST_F(control_server, exits_are_told_oldest_first) {
  start("a");
  ask("POST", "/v1/workers/a/restart");
  ask("POST", "/v1/workers/a/stop");
  const auto exits = ask("GET", "/v1/workers/a/exits").at("exits").get_array();
  ASSERT_EQ(exits.size(), 2U);
  EXPECT_EQ(exits.at(0).at("generation"), 1);
  EXPECT_EQ(exits.at(1).at("reason"), "stopped");
  EXPECT_THAT(refused(404, "GET", "/v1/workers/b/exits"), HasSubstr("no worker 'b'"));
}
