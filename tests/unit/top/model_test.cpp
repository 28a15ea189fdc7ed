#include "top/model.hpp"

#include <gmock/gmock.h>

#include "unit/top/statuses.hpp"

using namespace lineshaft::top;
using namespace std::chrono_literals;
using statuses::of;
using statuses::worker;
using testing::ElementsAre;

namespace {

constexpr auto at = [](auto span) { return time_point(1h) + std::chrono::duration_cast<time_point::duration>(span); };

std::vector<std::string> names(const model& seen) {
  std::vector<std::string> all;
  for (const auto* one : seen.shown()) all.push_back(one->name);
  return all;
}

}  // namespace

TEST(model, a_rate_is_what_was_processed_between_two_looks) {
  model seen;
  seen.saw(of({worker("a", "running", 100)}), at(0s));
  EXPECT_FALSE(seen.selected()->rate) << "one look is no span";
  seen.saw(of({worker("a", "running", 350)}), at(500ms));
  EXPECT_EQ(seen.selected()->rate, 500);
  seen.saw(of({worker("a", "running", 20, 2)}), at(1500ms));
  EXPECT_EQ(seen.selected()->rate, 20) << "the next process counts from nothing";
  EXPECT_THAT(seen.selected()->past_rates, ElementsAre(500, 20));
  seen.saw(of({worker("a", "backoff", 20, 2)}), at(2s));
  EXPECT_FALSE(seen.selected()->rate);
}

TEST(model, keeps_the_memory_of_what_it_has_seen_until_the_next_look) {
  auto memory = std::make_shared<int>();
  const std::weak_ptr kept = memory;
  model seen;
  seen.saw(of({worker("a", "running")}), at(0s), std::move(memory));
  EXPECT_FALSE(kept.expired());
  seen.saw(of({worker("a", "running")}), at(1s));
  EXPECT_TRUE(kept.expired());
}

TEST(model, a_worker_that_is_not_there_any_more_is_forgotten_with_its_past) {
  model seen;
  seen.saw(of({worker("a", "running", 100), worker("b", "running", 100)}), at(0s));
  seen.saw(of({worker("b", "running", 100)}), at(1s));
  EXPECT_THAT(names(seen), ElementsAre("b"));
  seen.saw(of({worker("a", "running", 200), worker("b", "running", 100)}), at(2s));
  seen.select("a");
  EXPECT_FALSE(seen.selected()->rate) << "it is another one";
}

TEST(model, cpu_is_a_share_of_the_time_between_two_measurements_of_one_process) {
  model seen;
  seen.saw(of({worker("a", "running")}), at(0s));
  seen.measured({{100, {seconds(10), 4096}}}, at(0s));
  EXPECT_FALSE(seen.selected()->cpu);
  seen.measured({{100, {seconds(10.5), 4096}}}, at(2s));
  EXPECT_EQ(seen.selected()->cpu, 0.25);
  EXPECT_EQ(seen.selected()->resident_bytes, 4096U);
  seen.measured({}, at(3s));
  EXPECT_FALSE(seen.selected()->cpu);
}

TEST(model, what_is_selected_stays_so_when_the_order_changes) {
  model seen;
  seen.saw(of({worker("a", "running"), worker("b", "failed"), worker("c", "running", 0, 9)}), at(0s));
  EXPECT_THAT(names(seen), ElementsAre("a", "b", "c"));
  seen.move(1);
  EXPECT_EQ(seen.selected()->name, "b");
  while (seen.sorted_by() != order::restarts) seen.sort_by_next();
  EXPECT_THAT(names(seen), ElementsAre("c", "a", "b"));
  EXPECT_EQ(seen.selected()->name, "b");
  while (seen.sorted_by() != order::state) seen.sort_by_next();
  EXPECT_THAT(names(seen), ElementsAre("b", "a", "c")) << "what is worse comes first";
  seen.move(100);
  EXPECT_EQ(seen.selected()->name, "c");
  seen.move(-100);
  EXPECT_EQ(seen.selected()->name, "b");
}

TEST(model, a_filter_is_part_of_a_name_or_a_state) {
  model seen;
  seen.saw(of({worker("a-0", "running"), worker("a-1", "failed"), worker("b", "running")}), at(0s));
  seen.filter("a-");
  EXPECT_THAT(names(seen), ElementsAre("a-0", "a-1"));
  seen.filter("fail");
  EXPECT_THAT(names(seen), ElementsAre("a-1"));
  seen.filter("x");
  EXPECT_EQ(seen.selected(), nullptr);
  seen.move(1);
}

TEST(model, takes_what_it_does_not_understand_for_missing) {
  model seen;
  seen.saw({{"workers", {boost::json::object{{"name", 5}, {"after", "x"}}, 7}}}, at(0s));
  EXPECT_EQ(seen.count(), 1U);
  seen.saw({{"workers", 3}}, at(1s));
  EXPECT_EQ(seen.count(), 0U) << "and keeps nothing of what it saw before";
  seen.lost("gone");
  EXPECT_EQ(seen.lost(), "gone");
}

TEST(sparkline, is_as_high_as_its_highest_and_as_wide_as_asked) {
  EXPECT_EQ(sparkline({1, 2, 4, 8}, 4), "▁▂▄█");
  EXPECT_EQ(sparkline({8, 8}, 4), "  ██");
  EXPECT_EQ(sparkline({100, 1, 1}, 2), "██") << "by what is shown";
  EXPECT_EQ(sparkline({0, 0}, 3), "   ");
  EXPECT_EQ(sparkline({}, 2), "  ");
  EXPECT_EQ(sparkline({1000, 1}, 2), "█▁") << "little is not nothing";
}

TEST(figures, fit_into_their_columns) {
  struct {
    double value;
    const char* expected;
  } const numbers[] = {{0, "0"},          {7, "7"},       {7.25, "7.2"},   {99.9, "99.9"},
                       {101.4, "101"},    {999.4, "999"}, {999.6, "1.0k"}, {12'345, "12.3k"},
                       {123'456, "123k"}, {5e6, "5.0M"},  {1.2e9, "1.2G"}, {1.2e13, "12000G"}};
  for (const auto& [value, expected] : numbers) EXPECT_EQ(short_number(value), expected);
  EXPECT_EQ(short_bytes(1700 * 1024), "1.7M");
  EXPECT_EQ(short_bytes(900 * 1024), "900K");
  EXPECT_EQ(short_bytes(std::uint64_t(12) << 30), "12G");
  EXPECT_EQ(short_span(400ms), "0.4s");
  EXPECT_EQ(short_span(65s), "65s");
  EXPECT_EQ(short_span(125s), "2m");
  EXPECT_EQ(short_span(49h), "2d");
}
