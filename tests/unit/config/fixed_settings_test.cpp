#include "config/fixed_settings.hpp"

#include <gmock/gmock.h>

using namespace lineshaft;
using namespace lineshaft::config;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(fixed_settings, that_have_changed_are_told_by_their_keys) {
  const pipeline_file before;
  EXPECT_THAT(changed_fixed_settings(before, before), IsEmpty());
  pipeline_file after;
  after.run_dir = "run";
  after.manager.log_dir = "logs";
  after.control = {.users = {{"eve", role::read}},
                   .tcp = "127.0.0.1:1",
                   .tokens = {{role::read, "secret"}},
                   .hosts = {"other"},
                   .health = "127.0.0.1:2",
                   .predecessor_metrics = true};
  EXPECT_THAT(changed_fixed_settings(before, after),
              ElementsAre("pipeline.run_dir", "pipeline.log_dir", "control.users", "control.tcp", "control.tokens",
                          "control.hosts", "control.health", "control.predecessor_metrics"));
}
