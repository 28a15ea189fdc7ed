// What readers have come upon does not end under them, and nobody waits.
#include "base/reclaimer.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

using lineshaft::reclaimer;

namespace {

/// Tells its end.
std::shared_ptr<const void> telling(bool& ended) {
  return {static_cast<const void*>(&ended), [](const void* it) { *static_cast<bool*>(const_cast<void*>(it)) = true; }};
}

}  // namespace

TEST(reclaimer, ends_at_once_what_nobody_can_have_found) {
  reclaimer at;
  bool ended = false;
  {
    const reclaimer::visit before(at);
  }
  at.retire(telling(ended));
  EXPECT_TRUE(ended);
}

TEST(reclaimer, keeps_what_was_replaced_during_a_visit_until_it_is_over) {
  reclaimer at;
  bool first = false, second = false, third = false;
  std::optional<reclaimer::visit> visit(at);
  at.retire(telling(first));
  EXPECT_FALSE(first);
  {
    const reclaimer::visit later(at);
    visit.reset();
    at.retire(telling(second));
    EXPECT_TRUE(first) << "the later visit cannot have found it";
    EXPECT_FALSE(second);
  }
  at.retire(telling(third));
  EXPECT_TRUE(second);
  EXPECT_TRUE(third);
}

TEST(reclaimer, has_room_for_as_many_visits_as_it_says) {
  reclaimer at;
  std::vector<std::unique_ptr<reclaimer::visit>> visits;
  bool ended = false;
  for (int count = 0; count < 64; ++count) visits.push_back(std::make_unique<reclaimer::visit>(at));
  at.retire(telling(ended));
  while (visits.size() > 1) visits.pop_back();
  at.retire(nullptr);
  EXPECT_FALSE(ended);
  visits.clear();
  at.retire(nullptr);
  EXPECT_TRUE(ended);
}

TEST(reclaimer, of_a_pointer_that_is_replaced_all_the_time_gives_no_reader_what_has_ended) {
  struct number {
    explicit number(int is) : value(is) {}
    ~number() { value = -1; }
    std::atomic<int> value;
  };
  reclaimer at;
  auto owned = std::make_shared<const number>(0);
  std::atomic<const number*> last = owned.get();
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 4; ++reader)
    readers.emplace_back([&] {
      int before = 0;
      while (!done) {
        const reclaimer::visit here(at);
        const int value = last.load()->value;
        EXPECT_GE(value, before);
        before = value;
      }
    });
  for (int value = 1; value <= 20'000; ++value) {
    auto next = std::make_shared<const number>(value);
    last = next.get();
    at.retire(std::exchange(owned, std::move(next)));
  }
  done = true;
  for (auto& reader : readers) reader.join();
}
