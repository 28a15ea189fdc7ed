#include "local/envelope.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

using namespace lineshaft;

namespace {
std::vector<char> payload_of(const message& of) {
  std::vector<char> payload;
  for (const auto part : {of.traceparent, of.tracestate, of.baggage, of.body})
    payload.insert(payload.end(), part.begin(), part.end());
  return payload;
}
}  // namespace

TEST(envelope, brings_a_message_back_as_it_was) {
  const std::string large(100'000, 'x');
  const message rows[] = {
      {},
      {.body = "a body"},
      {.body = {"\0\n\xff", 3}},
      {.body = large, .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
      {.body = "b", .traceparent = "p", .tracestate = "s=1", .baggage = "k=v"},
      {.body = "", .baggage = "k=v"},
  };
  for (const auto& row : rows) {
    const auto payload = payload_of(row);
    message back;
    ASSERT_TRUE(local::decode(local::header_of(row), payload.data(), local::packet_size(row), back));
    EXPECT_EQ(back.body, row.body);
    EXPECT_EQ(back.traceparent, row.traceparent);
    EXPECT_EQ(back.tracestate, row.tracestate);
    EXPECT_EQ(back.baggage, row.baggage);
  }
}

TEST(envelope, that_does_not_account_for_every_byte_is_refused) {
  const message sent{.body = "body", .traceparent = "parent"};
  const auto payload = payload_of(sent);
  const auto good = local::header_of(sent);
  const auto size = local::packet_size(sent);
  message back;
  auto header = good;
  header.mark += 1;
  EXPECT_FALSE(local::decode(header, payload.data(), size, back));
  header = good;
  header.body_size += 1;
  EXPECT_FALSE(local::decode(header, payload.data(), size, back));
  header = good;
  header.body_size = header.traceparent_size = 0x8000'0005;  // their sum, in 32 bits, is right
  EXPECT_FALSE(local::decode(header, payload.data(), size, back));
  EXPECT_FALSE(local::decode(good, payload.data(), size - 1, back));
  EXPECT_FALSE(local::decode(good, payload.data(), sizeof(queue_packet_header) - 1, back));
  EXPECT_FALSE(local::decode(good, payload.data(), 0, back));
}

TEST(envelope, of_any_bytes_stays_inside_the_packet) {
  std::mt19937_64 random(7);
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::vector<char> payload(random() % 64, 'p');
    queue_packet_header header{.mark = random() % 4 == 0 ? random() : queue_packet_mark};
    auto left = payload.size() + random() % 2;
    for (auto* size : {&header.traceparent_size, &header.tracestate_size, &header.baggage_size, &header.body_size}) {
      *size = static_cast<std::uint32_t>(random() % 8 == 0 ? random() : random() % (left + 1));
      left -= std::min<std::size_t>(*size, left);
    }
    if (random() % 2 == 0) header.body_size += static_cast<std::uint32_t>(left);
    message back;
    if (!local::decode(header, payload.data(), payload.size() + sizeof header, back)) continue;
    ++accepted;
    EXPECT_EQ(back.traceparent.data(), payload.data());
    EXPECT_EQ(back.body.data() + back.body.size(), payload.data() + payload.size());
  }
  EXPECT_GT(accepted, 1000);
}
