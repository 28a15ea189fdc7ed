#include "lineshaft/queue_account.hpp"

#include <gtest/gtest.h>

#include <random>

#include "lineshaft/worker.hpp"

using namespace lineshaft;

namespace {
template <class T>
const std::byte* bytes(const T& account) {
  return reinterpret_cast<const std::byte*>(&account);
}
}  // namespace

TEST(queue_account, of_a_producer_counts_what_the_kernel_says_it_sent) {
  struct row {
    std::uint64_t counted, batch_start;
    std::size_t filled;
    std::uint64_t sent;
  };
  const row rows[] = {
      {0, 0, 0, 0},    // untouched
      {0, 0, 3, 3},    // died inside sendmmsg, or before it counted
      {3, 0, 3, 3},    // counted
      {3, 0, 1, 3},    // clearing the lengths for the next batch
      {3, 3, 0, 3},    // next batch begun
      {3, 3, 64, 67},  // and sent
  };
  for (const auto& row : rows) {
    producer_account account{};
    account.counted = row.counted;
    account.batch_start = row.batch_start;
    for (std::size_t i = 0; i < row.filled; ++i) {
      account.packets[i].length = 100;
      account.packets[i].messages = 1;
    }
    EXPECT_EQ(read_producer_account(bytes(account)), queue_counts{.sent = row.sent});
  }
}

TEST(queue_account, counts_the_messages_of_each_packet_and_believes_no_number_that_cannot_be) {
  struct row {
    std::uint32_t stated;
    std::uint64_t counted;
  };
  for (const auto& [stated, counted] : {row{0, 1}, row{1, 1}, row{8, 8}, row{9, 8}, row{0xffff'ffff, 8}}) {
    producer_account producer{};
    producer.packets[5].length = 100;
    producer.packets[5].messages = producer.packets[6].messages = stated;
    EXPECT_EQ(read_producer_account(bytes(producer)).sent, counted);
    consumer_account consumer{};
    consumer.headers[5] = {.mark = queue_packet_mark, .messages = stated};
    consumer.headers[6] = {.mark = 0, .messages = stated};
    EXPECT_EQ(read_consumer_account(bytes(consumer)).in_flight, counted);
  }
}

TEST(queue_account, of_a_consumer_counts_what_it_took_and_did_not_do) {
  struct row {
    std::uint64_t done, batch_start;
    std::size_t filled;
    std::uint64_t in_flight;
  };
  const row rows[] = {
      {0, 0, 0, 0},     // untouched
      {0, 0, 5, 5},     // taken
      {2, 0, 5, 3},     // two done
      {5, 0, 5, 0},     // all done
      {5, 0, 2, 0},     // clearing the headers for the next batch
      {5, 0, 0, 0},     // cleared
      {5, 5, 0, 0},     // next batch begun
      {5, 5, 64, 64},   // and taken
      {7, 9, 64, 0},    // nonsense: less done than before the batch
      {900, 0, 64, 0},  // nonsense: more done than there were
  };
  for (const auto& row : rows) {
    consumer_account account{};
    account.done = row.done;
    account.batch_start = row.batch_start;
    for (std::size_t i = 0; i < row.filled; ++i) account.headers[i] = {.mark = queue_packet_mark, .messages = 1};
    const queue_counts expected{.done = row.done, .in_flight = row.in_flight};
    EXPECT_EQ(read_consumer_account(bytes(account)), expected)
        << row.done << ' ' << row.batch_start << ' ' << row.filled;
  }
}

TEST(queue_account, of_any_bytes_gives_bounded_figures) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 2000; ++round) {
    producer_account producer{};
    consumer_account consumer{};
    auto* into = reinterpret_cast<std::uint64_t*>(&producer);
    for (std::size_t i = 0; i < sizeof producer / 8; ++i) into[i] = random() >> (random() % 64);
    into = reinterpret_cast<std::uint64_t*>(&consumer);
    for (std::size_t i = 0; i < sizeof consumer / 8; ++i) into[i] = random() >> (random() % 64);
    EXPECT_GE(read_producer_account(bytes(producer)).sent, producer.counted);
    EXPECT_LE(read_consumer_account(bytes(consumer)).in_flight, queue_batch_limit);
  }
}

TEST(queue_account, has_a_size_for_each_role) {
  EXPECT_EQ(queue_account_size(queue_role::producer), sizeof(producer_account));
  EXPECT_EQ(queue_account_size(queue_role::consumer), sizeof(consumer_account));
}
