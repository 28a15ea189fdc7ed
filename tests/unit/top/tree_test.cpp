#include "top/tree.hpp"

#include <gtest/gtest.h>

#include "unit/top/statuses.hpp"

using namespace lineshaft::top;
using namespace std::chrono_literals;
using statuses::of;
using statuses::worker;

namespace {

boost::json::object waiting(std::string name, std::initializer_list<std::string_view> after) {
  auto made = worker(std::move(name), "running");
  auto& list = made["after"].as_array();
  for (const auto one : after) list.emplace_back(one);
  return made;
}

std::string tree_of(std::vector<boost::json::object> workers, const std::string& filter = {}) {
  model seen;
  seen.saw(of(std::move(workers)), time_point(1h));
  seen.filter(filter);
  std::string text;
  for (const auto& [one, stem] : branches_of(seen.shown())) text += stem + one->name + "\n";
  return text;
}

}  // namespace

TEST(tree, has_below_each_worker_those_that_wait_for_it) {
  EXPECT_EQ(tree_of({worker("feed", "running"), waiting("parser", {"feed"}), waiting("sink-0", {"parser"}),
                     waiting("sink-1", {"parser"}), waiting("watcher", {"sink", "feed"})}),
            "feed\n"
            "└─ parser\n"
            "   ├─ sink-0\n"
            "   │  └─ watcher\n"
            "   └─ sink-1\n");
}

TEST(tree, shows_those_whose_own_are_filtered_out) {
  const std::vector workers{worker("feed", "running"), waiting("sink-0", {"feed"}), waiting("sink-1", {"feed"}),
                            waiting("after-sink", {"sink"})};
  EXPECT_EQ(tree_of(workers, "sink"), "sink-0\n└─ after-sink\nsink-1\n");
  EXPECT_EQ(tree_of(workers, "sink-1"), "sink-1\n");
  EXPECT_EQ(tree_of(workers, "after"), "after-sink\n");
  EXPECT_EQ(tree_of({waiting("alone", {"of-another-profile"})}), "alone\n");
}
