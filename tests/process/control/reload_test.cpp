// A running pipeline becomes another one.
#include <boost/json/serialize.hpp>
#include <future>
#include <mutex>

#include "control_fixture.hpp"

using control_tests::control_server;
using lineshaft::pipeline_spec;
using lineshaft::program_of;
using lineshaft::worker_state;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

lineshaft::worker_spec of_class(std::string name, std::string class_name = "idle",
                                std::optional<std::uint32_t> replicas = {}) {
  lineshaft::worker_spec spec{.name = std::move(name), .class_name = std::move(class_name)};
  spec.replicas = replicas;
  return spec;
}

class reload : public control_server {
 protected:
  void SetUp() override {
    serve({}, {.load = [this]() -> lineshaft::result<lineshaft::control::loaded_pipeline> {
            if (!invalid_.empty()) return lineshaft::fail(invalid_);
            return lineshaft::control::loaded_pipeline{spec_, later_};
          }});
  }
  void begin(std::vector<lineshaft::worker_spec> workers) {
    spec_.workers = std::move(workers);
    run(spec_);
    for (const auto& status : manager_.get_all_status()) ASSERT_TRUE(manager_.wait_ready(status.name));
  }
  std::map<std::string, std::uint32_t> generations() {
    std::map<std::string, std::uint32_t> found;
    for (const auto& status : manager_.get_all_status()) found.emplace(status.name, status.generation);
    return found;
  }
  /// "start c, stop b"
  static std::string steps(const json::object& answer) {
    std::string text;
    for (const auto& change : answer.at("changes").get_array()) {
      text += (text.empty() ? "" : ", ") + std::string(change.at("step").get_string()) + " " +
              std::string(change.at("worker").get_string());
    }
    return text;
  }
  using all = std::map<std::string, std::uint32_t>;

  pipeline_spec spec_;
  std::vector<std::string> later_;
  std::string invalid_;
};

}  // namespace

TEST_F(reload, moves_nothing_when_nothing_changed) {
  begin({of_class("a"), of_class("b", "idle", 2)});
  EXPECT_THAT(ask("POST", "/v1/reload").at("changes").get_array(), IsEmpty());
  EXPECT_EQ(generations(), (all{{"a", 1}, {"b-0", 1}, {"b-1", 1}}));
}

TEST_F(reload, touches_only_what_changed) {
  begin({of_class("gone"), of_class("same"), of_class("changed", "idle", 2), of_class("more", "idle", 1)});
  spec_.workers = {of_class("same"), of_class("changed", "idle", 2), of_class("more", "idle", 2), of_class("added")};
  spec_.workers[1].how.env["X"] = "1";
  EXPECT_EQ(steps(ask("POST", "/v1/reload?dry_run=true")), "stop gone, replace changed, start more, start added");
  EXPECT_EQ(generations(), (all{{"gone", 1}, {"same", 1}, {"changed-0", 1}, {"changed-1", 1}, {"more-0", 1}}));
  ask("POST", "/v1/reload");
  ASSERT_TRUE(becomes("added", worker_state::running));
  ASSERT_TRUE(becomes("more-1", worker_state::running));
  EXPECT_EQ(generations(),
            (all{{"same", 1}, {"changed-0", 2}, {"changed-1", 2}, {"more-0", 1}, {"more-1", 1}, {"added", 1}}));
  EXPECT_EQ(manager_.get_status("changed-0").restarts_by.reload, 1U);
  EXPECT_EQ(steps(ask("POST", "/v1/reload")), "") << "it is that now";
}

TEST_F(reload, gives_new_policies_to_a_process_that_goes_on) {
  begin({of_class("a", "never_stops")});
  spec_.workers[0].how.stop_timeout = 50ms;
  EXPECT_EQ(steps(ask("POST", "/v1/reload")), "adopt a");
  EXPECT_EQ(generations(), (all{{"a", 1}}));
  const auto stopped = ask("POST", "/v1/workers/a/stop");
  EXPECT_EQ(stopped.at("outcome"), "killed");
  EXPECT_EQ(stopped.at("exit").at("reason"), "killed: did not stop within 50 ms") << "and not the 10 s that it was";
}

TEST_F(reload, tells_what_holds_for_the_whole_pipeline_and_what_only_the_next_manager_takes_over) {
  spec_.groups = {{.name = "g"}};
  auto member = of_class("a");
  member.how.group = "g";
  begin({member});
  EXPECT_EQ(send("GET", "/readyz").status, 200U);
  spec_.stop_timeout = 3s;
  spec_.groups.front().essential = true;
  spec_.name = "renamed";
  later_ = {"control.tcp"};
  const auto told = ask("POST", "/v1/reload");
  EXPECT_EQ(json::serialize(told),
            R"({"changes":[],"settings":["pipeline.stop_timeout","group.g"],"later":["pipeline.name","control.tcp"]})");
  // A name that this manager cannot take is told until another one has it; everything else is the case now.
  later_.clear();
  EXPECT_EQ(json::serialize(ask("POST", "/v1/reload?dry_run=true")),
            R"({"changes":[],"settings":[],"later":["pipeline.name"]})");
  EXPECT_EQ(ask("GET", "/v1/workers/a").at("essential"), true) << "as its group is now";
  ask("POST", "/v1/workers/a/stop");
  EXPECT_EQ(send("GET", "/readyz").status, 503U);
}

TEST_F(reload, changes_nothing_where_anything_is_wrong) {
  begin({of_class("a")});
  spec_.workers = {of_class("a"), of_class("b", "no_such_class")};
  EXPECT_THAT(refused(409, "POST", "/v1/reload"), HasSubstr("no worker class 'no_such_class'"));
  spec_.workers = {of_class("a"), of_class("b"), of_class("c")};
  spec_.workers[1].how.after = {{"c"}};
  spec_.workers[2].how.after = {{"b"}};
  EXPECT_THAT(refused(409, "POST", "/v1/reload"), HasSubstr("b"));
  EXPECT_THAT(refused(409, "POST", "/v1/reload?dry_run=true"), HasSubstr("b"));
  spec_.workers = {of_class("a")};
  spec_.workers[0].how.after = {{"gone"}};
  EXPECT_THAT(refused(409, "POST", "/v1/reload"), HasSubstr("gone"));
  spec_.workers = {of_class("b")};
  spec_.workers[0].how.group = "nobody";
  EXPECT_THAT(refused(409, "POST", "/v1/reload"), HasSubstr("no group 'nobody'"));
  invalid_ = "pipeline.toml:3:1: expected a value";
  EXPECT_EQ(refused(422, "POST", "/v1/reload"), invalid_);
  EXPECT_EQ(generations(), (all{{"a", 1}}));
}

TEST_F(reload, a_replacement_that_does_not_become_ready_is_taken_back_and_tried_again_by_the_next_one) {
  begin({of_class("a"), of_class("b")});
  const auto before = spec_.workers;
  spec_.workers[0].class_name = "dies";
  spec_.workers[0].how.restart.mode = lineshaft::restart_mode::never;
  spec_.workers[0].how.ready = lineshaft::ready_when::notify;
  spec_.workers[1].how.env["X"] = "1";
  EXPECT_THAT(refused(409, "POST", "/v1/reload"), HasSubstr("all are what they were before"));
  ASSERT_TRUE(becomes("a", worker_state::running));
  EXPECT_EQ(ask("GET", "/v1/workers/a").at("class"), "idle");
  EXPECT_EQ(manager_.get_status("b").generation, 2U);
  EXPECT_EQ(steps(ask("POST", "/v1/reload?dry_run=true")), "replace a");
  spec_.workers[0] = before[0];
  EXPECT_EQ(steps(ask("POST", "/v1/reload")), "");
}

TEST_F(reload, one_that_was_stopped_stays_so_and_one_that_failed_is_started) {
  auto never = of_class("failed");
  never.how.restart.mode = lineshaft::restart_mode::never;
  begin({of_class("stopped"), never});
  ask("POST", "/v1/workers/stopped/stop");
  ask("POST", "/v1/workers/failed/signal?signal=KILL");
  ASSERT_TRUE(becomes("failed", worker_state::failed));
  for (auto& worker : spec_.workers) worker.class_name = "runs";
  ask("POST", "/v1/reload");
  ASSERT_TRUE(becomes("failed", worker_state::running));
  EXPECT_EQ(manager_.get_status("stopped").state, worker_state::stopped);
  ask("POST", "/v1/workers/stopped/start");
  EXPECT_EQ(ask("GET", "/v1/workers/stopped").at("class"), "runs");
}

TEST_F(reload, what_starts_finds_its_place_free) {
  begin({program_of("old", {"sleep", "1000"})});
  auto renamed = program_of("new", {"sh", "-c", "exit 0"});
  spec_.workers = {renamed};
  std::vector<std::string> told;
  std::mutex mutex;
  {
    const auto listening = manager_.subscribe([&](const lineshaft::event& one) {
      const std::scoped_lock lock(mutex);
      if (one.kind == lineshaft::event_kind::stopped || one.kind == lineshaft::event_kind::starting)
        told.push_back(std::string(to_string(one.kind)) + " " + one.worker);
    });
    ask("POST", "/v1/reload");
    ASSERT_TRUE(becomes("new", worker_state::completed));
  }
  ASSERT_GE(told.size(), 2U);
  EXPECT_EQ(told[0], "stopped old");
  EXPECT_EQ(told[1], "starting new");
}

TEST_F(reload, of_nothing_is_refused) {
  EXPECT_THAT(refused(409, "POST", "/v1/reload"), HasSubstr("no pipeline has been started"));
}

TEST_F(reload, is_refused_while_everything_is_being_stopped) {
  begin({of_class("a")});
  ask("POST", "/v1/stop");
  EXPECT_THAT(refused(409, "POST", "/v1/reload"), HasSubstr("being stopped"));
  EXPECT_THAT(refused(409, "POST", "/v1/workers/a/start"), HasSubstr("being stopped"));
}
