// Messages that are cut short, too long, or random: refused, and never a crash.
#include <gtest/gtest.h>

#include <random>

#include "channel/launch_messages.hpp"
#include "channel/worker_messages.hpp"

using namespace lineshaft;
using namespace lineshaft::channel;
using namespace std::chrono_literals;

namespace {

launch_request full_request() {
  launch_request request{.number = 7, .kind = launch_kind::exec};
  request.image = {"class", "name", 3, "{}", worker_kind::task, ready_when::notify, 2s, 3s, 42, {"A=1", ""}};
  request.argv = {"prog", "x y"};
  request.settings = {
      {{7, {10, 20}}, {4, 0}}, 5, {0, 1}, -500, sys::user_identity{"a:b", 1, 2, {3, 4}}, true, 0027, "/"};
  return request;
}

bool accepted(std::span<const std::byte> bytes) {
  return decode_worker_message(bytes) || decode_manager_message(bytes) || decode_launch_request(bytes) ||
         decode_launch_reply(bytes) || decode_worker_image(bytes);
}

}  // namespace

TEST(messages, come_out_as_they_went_in) {
  const auto request = decode_launch_request(encode(full_request()));
  ASSERT_TRUE(request);
  EXPECT_EQ(encode(*request), encode(full_request()));
  EXPECT_EQ(request->image.environment, (std::vector<std::string>{"A=1", ""}));
  EXPECT_EQ(request->settings.limits.at(0).value, (resource_limit{10, 20}));
  EXPECT_EQ(request->settings.user->groups, (std::vector<gid_t>{3, 4}));
  EXPECT_EQ(request->settings.umask, 0027U);
  EXPECT_EQ(request->argv, (std::vector<std::string>{"prog", "x y"}));
  const worker_message said[] = {hello{5},
                                 ready{},
                                 unready{},
                                 leaving{},
                                 failed{"why"},
                                 finished{},
                                 open_queue{9, queue_role::consumer, "q"},
                                 open_socket{9, "unix:x"},
                                 watchdog_word{loop_verdict::stuck, "in f()"}};
  for (const auto& message : said) {
    const auto back = decode_worker_message(encode(message));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->index(), message.index());
    EXPECT_EQ(encode(*back), encode(message));
  }
}

TEST(messages, every_one_that_is_cut_short_or_too_long_is_refused) {
  const auto whole = encode(full_request());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode_launch_request(std::span(whole).first(size))) << size;
  auto longer = whole;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode_launch_request(longer));
  const auto queue = encode(worker_message(open_queue{9, queue_role::consumer, "q"}));
  for (std::size_t size = 0; size < queue.size(); ++size)
    EXPECT_FALSE(decode_worker_message(std::span(queue).first(size))) << size;
}

TEST(messages, random_bytes_never_crash) {
  std::mt19937 random{20240229};
  int taken = 0;
  for (int n = 0; n < 100'000; ++n) {
    std::vector<std::byte> bytes(random() % 64);
    for (auto& byte : bytes) byte = random() % 3 == 0 ? std::byte(random() % 8) : std::byte(random());
    taken += accepted(bytes) ? 1 : 0;
  }
  EXPECT_GT(taken, 0);
}
