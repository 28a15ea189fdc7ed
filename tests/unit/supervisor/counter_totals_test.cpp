#include "supervisor/counter_totals.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::supervisor;

TEST(counter_totals, add_counters_and_leave_the_rest_to_the_living) {
  const worker_figures past{
      .processed = 1,
      .errors = 2,
      .decoding_errors = 3,
      .published = 4,
      .processing_errors = 5,
      .restarts = 6,
      .mdq_connected = true,
      .metrics = {
          {"bytes", std::uint64_t{7}}, {"old", std::uint64_t{8}}, {"fill", 0.5}, {"changed", std::uint64_t{1}}}};
  const worker_figures now{.processed = 10,
                           .errors = 20,
                           .decoding_errors = 30,
                           .published = 40,
                           .processing_errors = 50,
                           .restarts = 60,
                           .metrics = {{"bytes", std::uint64_t{70}}, {"changed", 0.25}}};
  const auto all = in_all(past, now);
  EXPECT_EQ(all.processed, 11U);
  EXPECT_EQ(all.errors, 22U);
  EXPECT_EQ(all.decoding_errors, 33U);
  EXPECT_EQ(all.published, 44U);
  EXPECT_EQ(all.processing_errors, 55U);
  EXPECT_EQ(all.restarts, 66U);
  EXPECT_FALSE(all.mdq_connected);
  const std::map<std::string, metric_value> metrics = {
      {"bytes", std::uint64_t{77}}, {"old", std::uint64_t{8}}, {"changed", 0.25}};
  EXPECT_EQ(all.metrics, metrics);
}
