// What becomes of files that fit.
#include <gmock/gmock.h>

#include "config/contradictions.hpp"
#include "config/loading.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;
using loading::faults_of;
using loading::load;

// That of the contract, as far as there is the feature for it; what it needs of the machine is left out.
constexpr auto contract = R"(
[pipeline]
name = "market-data"
stop_timeout = "10s"
env = { TZ = "UTC" }
run_dir = "run"
log_dir = "logs"

[group.processors]
strategy = "one_for_one"
restart_limit = "20 in 60s"

[worker.listener]
class = "echo"
options = { text = "replay:data/sample.ndjson" }
essential = true

[worker.processor]
class = "echo"
group = "processors"
replicas = 2
after = { listener = "started" }
options = { text = "${HOME}/x", every_ms = 7 }
ready = "notify"
start_timeout = "30s"
restart = { mode = "always", delay = "500ms", factor = 2, max_delay = "30s", jitter = 0.1, limit = "5 in 60s", forgive_after = "30s" }
watchdog = { timeout = "5s", progress = "30s", ladder = ["stack", "SIGABRT 2s", "SIGKILL"] }
stop_timeout = "5s"
max_lifetime = "6h"

[worker.redis]
command = ["redis-server", "--port", "6400", "--supervised", "systemd"]
ready = "notify"
kind = "service"
stop = ["SIGTERM 5s", "SIGKILL 2s"]
success_exit_codes = [0, 143]
env = { TZ = "UTC" }
clear_env = true
working_directory = "run"
output = { to = "file", when_full = "drop", rotate_size = "50MiB", rotate_count = 3, rotate_age = "24h", compress = false }
limits = { nofile = 10000, core = "0", as = "8GiB", stack = "1024:4096" }
user = "redis:redis"
nice = 5
cpu_affinity = [0, 1]
oom_score_adj = 500
no_new_privs = true
umask = "0027"
max_memory = "2GiB"
listen = { http = "127.0.0.1:8080" }
profiles = ["full"]
)";

TEST(load, every_key_reaches_its_field) {
  ASSERT_EQ(faults_of({contract}, {"full"}), "");
  const auto loaded = load({contract}, {"full"}).value();
  const auto& pipeline = loaded.pipeline;
  EXPECT_EQ(pipeline.name, "market-data");
  EXPECT_EQ(pipeline.stop_timeout, 10s);
  EXPECT_EQ(pipeline.env.at("TZ"), "UTC");
  EXPECT_EQ(loaded.run_dir, "run");
  EXPECT_EQ(loaded.manager.log_dir, "logs");
  ASSERT_EQ(pipeline.groups.size(), 1U);
  EXPECT_EQ(pipeline.groups[0].limit, (restart_limit{20, 60s}));
  ASSERT_EQ(pipeline.workers.size(), 3U);

  const auto& listener = pipeline.workers[0];
  EXPECT_EQ(listener.class_name, "echo");
  EXPECT_TRUE(listener.how.essential);
  EXPECT_FALSE(listener.replicas);

  const auto& processor = pipeline.workers[1];
  EXPECT_EQ(processor.replicas, 2U);
  EXPECT_EQ(processor.options, (boost::json::object{{"text", "/somewhere/x"}, {"every_ms", 7}}));
  EXPECT_EQ(processor.how.after.at(0).on, "listener");
  EXPECT_EQ(processor.how.after.at(0).when, start_condition::started);
  EXPECT_EQ(processor.how.group, "processors");
  EXPECT_EQ(processor.how.ready, ready_when::notify);
  EXPECT_EQ(processor.how.restart.mode, restart_mode::always);
  EXPECT_EQ(processor.how.restart.limit, (restart_limit{5, 60s}));
  EXPECT_EQ(processor.how.watchdog->timeout, 5s);
  EXPECT_THAT(processor.how.watchdog->ladder, testing::ElementsAre(stop_rung{SIGABRT, 2s}, stop_rung{SIGKILL, 0s}));
  EXPECT_EQ(processor.how.stop_timeout, 5s);
  EXPECT_EQ(processor.how.max_lifetime, 6h);

  const auto& redis = pipeline.workers[2];
  EXPECT_THAT(redis.command, testing::ElementsAre("redis-server", "--port", "6400", "--supervised", "systemd"));
  EXPECT_THAT(redis.how.stop, testing::ElementsAre(stop_rung{SIGTERM, 5s}, stop_rung{SIGKILL, 2s}));
  EXPECT_THAT(redis.how.success_exit_codes, testing::ElementsAre(0, 143));
  EXPECT_TRUE(redis.how.clear_env);
  EXPECT_EQ(redis.how.output.to, output_to::file);
  EXPECT_EQ(redis.how.output.when_full, output_overflow::drop);
  EXPECT_EQ(redis.how.output.rotate_size, 50U << 20);
  EXPECT_EQ(redis.how.output.rotate_count, 3U);
  EXPECT_FALSE(redis.how.output.compress);
  EXPECT_EQ(redis.how.limits.nofile, resource_limit(10000));
  EXPECT_EQ(redis.how.limits.core, resource_limit(0));
  EXPECT_EQ(redis.how.limits.as, resource_limit(8ULL << 30));
  EXPECT_EQ(redis.how.limits.stack, resource_limit(1024, 4096));
  EXPECT_EQ(redis.how.user, "redis:redis");
  EXPECT_EQ(redis.how.nice, 5);
  EXPECT_THAT(redis.how.cpu_affinity, testing::ElementsAre(0U, 1U));
  EXPECT_EQ(redis.how.oom_score_adj, 500);
  EXPECT_TRUE(redis.how.no_new_privs);
  EXPECT_EQ(redis.how.umask, 027U);
  EXPECT_EQ(redis.how.max_memory, 2ULL << 30);
  EXPECT_EQ(redis.how.listen.at("http"), "127.0.0.1:8080");
  EXPECT_EQ(processor.how.watchdog->progress, 30s);
}

TEST(load, a_worker_with_profiles_is_there_only_when_one_of_them_is_asked_for) {
  EXPECT_EQ(load({contract}).value().pipeline.workers.size(), 2U);
  EXPECT_EQ(load({contract}, {"full"}).value().pipeline.workers.size(), 3U);
}

TEST(load, later_files_win_key_by_key) {
  const auto loaded = load({"[worker.a]\ncommand = ['x']\nnice = 1\nrestart = 'always'\n[worker.b]\ncommand = ['y']",
                            "[worker.c]\ncommand = ['z']\n[worker.a]\nnice = 2\nrestart = { delay = '1s' }\n"});
  ASSERT_TRUE(loaded);
  const auto& workers = loaded->pipeline.workers;
  ASSERT_EQ(workers.size(), 3U);
  EXPECT_EQ(workers[0].name + workers[1].name + workers[2].name, "abc");
  EXPECT_EQ(workers[0].how.nice, 2);
  EXPECT_EQ(workers[0].how.restart.mode, restart_mode::on_failure);
}

TEST(load, a_default_stop_timeout_keeps_inside_the_pipelines_budget) {
  const auto loaded = load({"[pipeline]\nstop_timeout = '2s'\n[worker.a]\ncommand = ['x']"});
  EXPECT_EQ(loaded.value().pipeline.workers[0].how.stop_timeout, 2s);
}

TEST(load, a_probe_is_readiness_by_connection_or_request) {
  for (const std::string probe :
       {"tcp:127.0.0.1:6400", "http://localhost:8080/ready", "http:http://localhost:8080/ready"}) {
    const auto loaded = load({"[worker.a]\ncommand = ['x']\nready = '" + probe + "'"});
    ASSERT_TRUE(loaded) << probe;
    EXPECT_EQ(loaded->pipeline.workers[0].how.ready, ready_when::probe);
    EXPECT_EQ(loaded->pipeline.workers[0].how.probe, probe);
  }
}

TEST(load, short_forms) {
  const auto loaded = load(
      {"[worker.a]\nclass = 'echo'\nrestart = 'never'\nwatchdog = '5s'\n[worker.b]\ncommand = ['x']\nafter = ['a']"});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->pipeline.workers[0].how.restart.mode, restart_mode::never);
  EXPECT_EQ(loaded->pipeline.workers[0].how.watchdog->timeout, 5s);
  EXPECT_EQ(loaded->pipeline.workers[1].how.after.at(0).when, start_condition::ready);
}

TEST(load, a_watchdog_may_say_that_it_writes_the_stack_down_which_it_does_in_any_case) {
  const auto ladder_of = [](const std::string& text) {
    const auto loaded = load({"[worker.a]\nclass = 'echo'\nwatchdog = { timeout = '5s', ladder = " + text + " }"});
    return loaded ? loaded->pipeline.workers[0].how.watchdog->ladder : std::vector<stop_rung>{{0, 0s}};
  };
  EXPECT_THAT(ladder_of("['stack']"), testing::IsEmpty()) << "recorded, and nothing else";
  EXPECT_THAT(ladder_of("[]"), testing::IsEmpty());
  EXPECT_EQ(ladder_of("['stack', 'SIGABRT 2s']"), ladder_of("['SIGABRT 2s']"));
  EXPECT_EQ(ladder_of("['stack', 'SIGABRT 2s']"), lineshaft::watchdog_options{}.ladder);
}
