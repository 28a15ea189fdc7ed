#include "local/envelope.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <vector>

using namespace lineshaft;

namespace {

std::vector<char> payload_of(const std::vector<message>& messages) {
  std::size_t size = 0;
  for (const auto& each : messages) size += local::message_size(each);
  std::vector<char> payload(size);
  auto* at = payload.data();
  for (const auto& each : messages) at = local::encode(each, at);
  EXPECT_EQ(at, payload.data() + size);
  return payload;
}

std::size_t decode(const queue_packet_header& header, const std::vector<char>& payload, message* into) {
  return local::decode(header, payload.data(), payload.size() + sizeof header, into);
}

}  // namespace

TEST(envelope, brings_messages_back_as_they_were) {
  const std::string large(100'000, 'x');
  const std::vector<message> rows = {
      {},
      {.body = "a body"},
      {.body = {"\0\n\xff", 3}},
      {.body = large, .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
      {.body = "b", .traceparent = "p", .tracestate = "s=1", .baggage = "k=v"},
      {.body = "", .baggage = "k=v"},
  };
  for (std::size_t count = 1; count <= rows.size(); ++count) {
    const std::vector<message> sent(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count));
    const auto payload = payload_of(sent);
    std::array<message, queue_packet_messages> back;
    ASSERT_EQ(decode(local::packet_header(count), payload, back.data()), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(back[i].body, sent[i].body);
      EXPECT_EQ(back[i].traceparent, sent[i].traceparent);
      EXPECT_EQ(back[i].tracestate, sent[i].tracestate);
      EXPECT_EQ(back[i].baggage, sent[i].baggage);
    }
  }
}

TEST(envelope, that_does_not_account_for_every_byte_is_refused) {
  const auto payload = payload_of({{.body = "body", .traceparent = "parent"}, {.body = "second"}});
  const auto good = local::packet_header(2);
  std::array<message, queue_packet_messages> back;
  ASSERT_EQ(decode(good, payload, back.data()), 2U);
  auto header = good;
  header.mark += 1;
  EXPECT_EQ(decode(header, payload, back.data()), 0U);
  for (const std::uint32_t messages : {0U, 1U, 3U, 9U, 0xffff'ffffU}) {
    header = good;
    header.messages = messages;
    EXPECT_EQ(decode(header, payload, back.data()), 0U) << messages;
  }
  auto scribbled = payload;
  queue_message_header first;
  std::memcpy(&first, payload.data(), sizeof first);
  first.body_size = first.traceparent_size = 0x8000'0005;  // their sum, in 32 bits, is right
  std::memcpy(scribbled.data(), &first, sizeof first);
  EXPECT_EQ(decode(good, scribbled, back.data()), 0U);
  for (std::size_t size = 0; size < payload.size() + sizeof good; ++size)
    EXPECT_EQ(local::decode(good, payload.data(), size, back.data()), 0U) << size;
}

TEST(envelope, of_any_bytes_stays_inside_the_packet) {
  std::mt19937_64 random(7);
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<message> sent(1 + random() % 3);
    const std::string_view part = "0123456";
    for (auto& each : sent)
      each = {.body = part.substr(0, random() % 8),
              .traceparent = part.substr(random() % 7, 2),
              .tracestate = {},
              .baggage = {}};
    auto payload = payload_of(sent);
    if (random() % 2 == 0) payload[random() % payload.size()] = static_cast<char>(random() % 16);
    if (random() % 4 == 0) payload.resize(random() % (payload.size() + 2));
    const queue_packet_header header{
        .mark = random() % 8 == 0 ? random() : queue_packet_mark,
        .messages = static_cast<std::uint32_t>(random() % 8 == 0 ? random() : sent.size())};
    std::array<message, queue_packet_messages> back;
    const auto count = decode(header, payload, back.data());
    if (count == 0) continue;
    ++accepted;
    EXPECT_EQ(back[0].traceparent.data(), payload.data() + sizeof(queue_message_header));
    EXPECT_EQ(back[count - 1].body.data() + back[count - 1].body.size(), payload.data() + payload.size());
  }
  EXPECT_GT(accepted, 1000);
}
