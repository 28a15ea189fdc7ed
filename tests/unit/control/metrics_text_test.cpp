#include "control/metrics_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/metric_table.hpp"

using namespace lineshaft::control;
using lineshaft::metric_value;
using lineshaft::worker_state;
using lineshaft::worker_status;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string text_of(worker_status worker, metric_names names = metric_names::ours) {
  return metrics_text(
      {.who = {"p", "image", "1"}, .version = "0", .workers = {{std::move(worker), {}}}, .queues = {{"q", 5}}}, names);
}

}  // namespace

TEST(metrics_text, names_are_made_of_what_prometheus_knows) {
  EXPECT_EQ(exposed_name("orders", std::uint64_t{1}), "lineshaft_app_orders_total");
  EXPECT_EQ(exposed_name("orders_total", std::uint64_t{1}), "lineshaft_app_orders_total");
  EXPECT_EQ(exposed_name("depth", 1.0), "lineshaft_app_depth");
  EXPECT_EQ(exposed_name("depth_total", 1.0), "lineshaft_app_depth");
  EXPECT_EQ(exposed_name("a.b c\n{}", true), "lineshaft_app_a_b_c___");
}

TEST(metrics_text, no_series_is_told_twice_whatever_a_worker_declares) {
  worker_status worker{.name = "a"};
  worker.metrics = {{"a.b", std::uint64_t{1}}, {"a_b", std::uint64_t{2}}, {"processed", std::uint64_t{3}}};
  const auto text = text_of(worker);
  EXPECT_THAT(text, HasSubstr("lineshaft_app_a_b_total{worker=\"a\",class=\"\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("lineshaft_app_a_b_total{worker=\"a\",class=\"\"} 2\n")));
}

TEST(metrics_text, what_a_worker_says_of_a_metric_is_its_help) {
  worker_status worker{.name = "a"};
  worker.metrics = {{"said", std::uint64_t{1}}, {"silent", 1.0}};
  const auto text = metrics_text(
      {.version = "0", .workers = {{std::move(worker), {}}}, .queues = {}, .help = {{"said", "Orders.\n# EVIL 1"}}},
      metric_names::ours);
  EXPECT_THAT(text, HasSubstr("# HELP lineshaft_app_said_total Orders.\\n# EVIL 1\n"));
  EXPECT_THAT(text, HasSubstr("# HELP lineshaft_app_silent Declared by a worker class.\n"));
}

TEST(metrics_text, a_name_cannot_break_out_of_its_label) {
  EXPECT_THAT(text_of({.name = "a\"} 1\nx{\\"}), HasSubstr(R"(worker="a\"} 1\nx{\\",class="")"));
}

TEST(metrics_text, what_has_no_value_has_no_series) {
  EXPECT_THAT(text_of({.name = "a", .alive = false}), Not(HasSubstr("lineshaft_worker_uptime_seconds{")));
  EXPECT_THAT(text_of({.name = "a", .alive = true}), HasSubstr("lineshaft_worker_uptime_seconds{"));
}

TEST(metrics_text, the_predecessors_service_is_down_when_a_worker_is_dead) {
  const worker_status dead{.name = "a", .state = worker_state::failed};
  EXPECT_THAT(text_of(dead, metric_names::predecessors_too),
              HasSubstr("kuhl_haus_service_up{service=\"p\",container_image=\"image\",image_version=\"1\"} 0"));
}

TEST(metrics_text, the_predecessors_have_what_its_workers_were_told) {
  const auto text =
      metrics_text({.who = {.prefetch_count = 10, .max_concurrency = 100}}, metric_names::predecessors_too);
  EXPECT_THAT(text, HasSubstr("\nkuhl_haus_mdp_prefetch_count 10\n"));
  EXPECT_THAT(text, HasSubstr("\nkuhl_haus_mdp_max_concurrency 100\n"));
}

TEST(metrics_text, every_metric_has_its_kind_in_its_name) {
  for (const auto& one : worker_metrics_table()) {
    EXPECT_EQ(one.name.ends_with("_total"), one.kind == metric_kind::counter) << one.name;
    EXPECT_TRUE(one.help.ends_with('.')) << one.name;
  }
}
