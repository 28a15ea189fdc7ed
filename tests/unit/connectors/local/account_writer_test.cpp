#include "local/account_writer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

using namespace lineshaft;

namespace {

// Makes each store, and then looks at the memory as the manager would if the process died right there.
struct watched_store {
  const std::function<void()>* look;
  template <class T>
  void operator()(T& cell, T value) const {
    cell = value;
    (*look)();
  }
};

queue_counts read(const consumer_account& account) {
  return read_consumer_account(reinterpret_cast<const std::byte*>(&account));
}
queue_counts read(const producer_account& account) {
  return read_producer_account(reinterpret_cast<const std::byte*>(&account));
}

}  // namespace

TEST(account_writer, of_a_consumer_is_exact_wherever_it_dies) {
  std::mt19937_64 random(11);
  consumer_account account{};
  std::uint64_t taken = 0, done_before = 0, done_after = 0;
  int stores = 0;
  const std::function<void()> look = [&] {
    ++stores;
    const auto counts = read(account);
    // A store of `done` is itself the moment at which messages are done.
    ASSERT_TRUE(counts.done == done_before || counts.done == done_after);
    ASSERT_EQ(counts.done + counts.in_flight, taken);
  };
  local::consumer_account_writer writer(account, watched_store{&look});
  for (int batch = 0; batch < 300; ++batch) {
    writer.begin_batch();
    const auto packets = random() % (queue_call_packets + 1);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < packets; ++i) {
      // The kernel hands out one packet after the other; the process can die between any two.
      const auto messages = 1 + random() % queue_packet_messages;
      account.headers[i] = {.mark = queue_packet_mark, .messages = static_cast<std::uint32_t>(messages)};
      count += messages;
      taken += messages;
      look();
    }
    for (auto left = count; left > 0;) {
      const auto step = 1 + random() % left;
      done_after = done_before + step;
      writer.done(step);
      ASSERT_EQ(read(account).done, done_after);
      done_before = done_after;
      left -= step;
    }
    ASSERT_EQ(read(account).in_flight, 0U);
  }
  EXPECT_GT(stores, 10'000);
}

TEST(account_writer, of_a_producer_is_exact_wherever_it_dies) {
  std::mt19937_64 random(13);
  producer_account account{};
  std::uint64_t sent = 0;
  int stores = 0;
  const std::function<void()> look = [&] {
    ++stores;
    ASSERT_EQ(read(account).sent, sent);
  };
  local::producer_account_writer writer(account, watched_store{&look});
  for (int batch = 0; batch < 300; ++batch) {
    writer.begin_batch();
    const auto packets = random() % (queue_call_packets + 1);
    for (std::size_t i = 0; i < packets; ++i)
      writer.plan(i, static_cast<std::uint32_t>(1 + random() % queue_packet_messages));
    const auto before = sent;
    for (std::size_t i = 0; i < packets; ++i) {
      account.packets[i].length = 30;  // by the kernel, for each packet that it sent
      sent += account.packets[i].messages;
      look();
      if (random() % 16 == 0) break;  // the queue is full
    }
    // Full at the first packet: sendmmsg() fails, and nothing is counted.
    if (packets > 0) writer.count(sent - before);
    ASSERT_EQ(writer.sent(), sent);
  }
  EXPECT_GT(stores, 10'000);
}
