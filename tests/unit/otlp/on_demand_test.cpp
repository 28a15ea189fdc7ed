#include "on_demand.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace {

struct api {
  virtual ~api() = default;
};
struct nothing_at_all final : api {};
struct sdk final : api {};
using provider = lineshaft::otlp::on_demand<api, sdk>;

nothing_at_all nothing;

}  // namespace

TEST(on_demand, is_made_when_it_is_first_asked_for_and_once) {
  std::atomic<int> made = 0;
  provider one(
      [&] {
        ++made;
        return std::make_unique<sdk>();
      },
      nothing);
  EXPECT_EQ(made, 0);
  std::vector<std::thread> threads;
  std::atomic<int> same = 0;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { same += &one.get() == &one.get() ? 1 : 0; });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(same, 8);
  EXPECT_NE(&one.get(), &nothing);
  one.end();
  EXPECT_EQ(&one.get(), &nothing);
  const std::unique_ptr<sdk> left_alone(one.made());
  EXPECT_NE(left_alone, nullptr);
}

TEST(on_demand, is_not_made_any_more_after_the_end) {
  provider one(
      []() -> std::unique_ptr<sdk> {
        ADD_FAILURE();
        return nullptr;
      },
      nothing);
  one.end();
  EXPECT_EQ(&one.get(), &nothing);
  EXPECT_EQ(one.made(), nullptr);
  EXPECT_EQ(&one.get(), &nothing);
}

TEST(on_demand, is_nothing_where_it_cannot_be_made) {
  int tried = 0;
  provider one(
      [&] {
        ++tried;
        return std::unique_ptr<sdk>();
      },
      nothing);
  EXPECT_EQ(&one.get(), &nothing);
  EXPECT_EQ(&one.get(), &nothing);
  EXPECT_EQ(tried, 1);
}
