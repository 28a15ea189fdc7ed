// A stream of packets on a loop: order, back-pressure, the end, and being destroyed at any moment.
#include "channel/packet_stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <optional>
#include <string>

#include "support/processes.hpp"
#include "sys/fault.hpp"

using namespace lineshaft;
using namespace lineshaft::channel;

namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* from = reinterpret_cast<const std::byte*>(text.data());
  return {from, from + text.size()};
}

std::string text_of(const packet& from) {
  return {reinterpret_cast<const char*>(from.bytes.data()), from.bytes.size()};
}

/// A stream on one end of a socket, and the bare other end.
struct fixture {
  boost::asio::io_context loop{1};
  unique_fd peer;
  std::vector<std::string> arrived;
  std::vector<packet> packets;
  int ends = 0;
  std::optional<packet_stream> stream;

  fixture() {
    auto pair = sys::socketpair().value();
    peer = std::move(pair[1]);
    stream.emplace(
        loop, std::move(pair[0]),
        [this](packet one) {
          arrived.push_back(text_of(one));
          packets.push_back(std::move(one));
          if (on_arrival) on_arrival();
        },
        [this] {
          ++ends;
          if (on_end) on_end();
        });
  }

  std::function<void()> on_arrival, on_end;

  void peer_says(std::string_view text) { ASSERT_TRUE(send_packet(peer.get(), bytes_of(text))); }
  std::optional<std::string> peer_hears() {
    const auto received = receive_packet(peer.get());
    return received && !received->bytes.empty() ? std::optional(text_of(*received)) : std::nullopt;
  }
  /// Runs what is ready, and nothing that would have to be waited for.
  void turn() {
    loop.restart();
    loop.poll();
  }
  /// Sends numbered packets until some wait in the stream.
  int fill() {
    int sent = 0;
    for (; sent < 2000; ++sent) EXPECT_TRUE(stream->send(bytes_of(std::to_string(sent) + std::string(1000, '.'))));
    return sent;
  }
};

}  // namespace

TEST(packet_stream, hands_on_each_packet_in_order) {
  fixture at;
  for (const auto* text : {"one", "two", "three"}) at.peer_says(text);
  at.turn();
  EXPECT_EQ(at.arrived, (std::vector<std::string>{"one", "two", "three"}));
  at.peer_says("four");
  at.turn();
  EXPECT_EQ(at.arrived.back(), "four") << "it goes on listening";
  EXPECT_EQ(at.ends, 0);
}

TEST(packet_stream, keeps_what_does_not_fit_and_sends_it_in_order_when_there_is_room) {
  fixture at;
  const int sent = at.fill();
  int heard = 0, turns = 0;
  while (heard < sent && turns++ < sent) {
    while (const auto text = at.peer_hears()) {
      ASSERT_TRUE(text->starts_with(std::to_string(heard) + ".")) << heard;
      ++heard;
    }
    if (turns == 1) {
      EXPECT_LT(heard, sent) << "all of it fitted: this was no test of waiting";
    }
    at.turn();
  }
  EXPECT_EQ(heard, sent);
  EXPECT_GT(turns, 1);
}

TEST(packet_stream, does_not_wake_up_while_the_peer_has_no_room) {
  fixture at;
  at.fill();
  at.turn();
  at.loop.restart();
  EXPECT_EQ(at.loop.poll(), 0U);
}

TEST(packet_stream, what_waits_keeps_its_descriptors_open_until_it_is_sent) {
  fixture at;
  const int sent = at.fill();
  int pipe_ends[2];
  ASSERT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
  const unique_fd reader(pipe_ends[0]);
  std::vector<unique_fd> descriptors;
  descriptors.emplace_back(pipe_ends[1]);
  ASSERT_TRUE(at.stream->send(bytes_of("with"), std::move(descriptors)));
  std::optional<packet> with;
  for (int turns = 0; !with && turns < sent; ++turns) {
    for (auto received = receive_packet(at.peer.get()); received; received = receive_packet(at.peer.get())) {
      if (!received->descriptors.empty()) with = std::move(*received);
    }
    at.turn();
  }
  ASSERT_TRUE(with);
  EXPECT_EQ(text_of(*with), "with");
  ASSERT_EQ(::write(with->descriptors.front().get(), "x", 1), 1);
  with.reset();
  char letter[2];
  EXPECT_EQ(::read(reader.get(), letter, 2), 1);
  EXPECT_EQ(::read(reader.get(), letter, 2), 0) << "the sender kept its own copy of the descriptor";
}

TEST(packet_stream, hands_on_the_descriptors_that_came_along) {
  fixture at;
  ASSERT_TRUE(send_packet(at.peer.get(), bytes_of("with"), std::vector<int>{0, 1, 2}));
  at.turn();
  ASSERT_EQ(at.packets.size(), 1U);
  EXPECT_EQ(at.packets.front().descriptors.size(), 3U);
}

TEST(packet_stream, tells_once_when_the_peer_is_gone_after_its_last_words) {
  fixture at;
  at.peer_says("last");
  at.peer.reset();
  at.turn();
  EXPECT_EQ(at.arrived, std::vector<std::string>{"last"});
  EXPECT_EQ(at.ends, 1);
  EXPECT_TRUE(at.stream->send(bytes_of("x"))) << "after the end nothing is sent, and that is no error";
  at.turn();
  EXPECT_EQ(at.ends, 1);
}

TEST(packet_stream, a_send_to_a_peer_that_is_gone_is_an_error_and_the_end_is_told_by_the_loop) {
  fixture at;
  at.peer.reset();
  const auto sent = at.stream->send(bytes_of("x"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, std::errc::broken_pipe);
  EXPECT_EQ(at.ends, 0) << "never inside the caller's own call";
  at.turn();
  EXPECT_EQ(at.ends, 1);
}

TEST(packet_stream, ends_when_the_peer_goes_while_packets_wait) {
  fixture at;
  at.fill();
  at.turn();
  at.peer.reset();
  at.turn();
  EXPECT_EQ(at.ends, 1);
}

TEST(packet_stream, a_packet_that_cannot_be_sent_is_dropped_and_the_next_one_goes) {
  fixture at;
  sys::inject("memfd_create", std::make_error_code(std::errc::too_many_files_open));
  const auto sent = at.stream->send(std::vector<std::byte>(100'000));
  sys::clear_injected();
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, std::errc::too_many_files_open);
  EXPECT_TRUE(at.stream->send(bytes_of("next")));
  EXPECT_EQ(at.peer_hears(), "next");
  at.turn();
  EXPECT_EQ(at.ends, 0);
}

// The end of the stream is taken for the end of the peer: a worker would stop, a fork server kill all that it has made.
TEST(packet_stream, what_is_lacking_for_a_while_ends_nothing_and_loses_nothing) {
  for (const char* call : {"memfd_create", "sendmsg", "recvmsg"}) {
    for (const auto code : {ENOMEM, ENOBUFS, EMFILE, ENFILE, ETOOMANYREFS}) {
      fixture at;
      const int before = at.fill();
      ASSERT_TRUE(at.stream->send(std::vector<std::byte>(100'000)));
      at.peer_says("heard");
      sys::inject(call, {code, std::system_category()}, 0, 3);
      int heard = 0;
      for (int turns = 0; heard <= before && turns < 10 * before; ++turns) {
        while (receive_packet(at.peer.get())) ++heard;
        at.turn();
      }
      sys::clear_injected();
      EXPECT_EQ(heard, before + 1) << call << ' ' << code;
      EXPECT_EQ(at.ends, 0) << call << ' ' << code;
      EXPECT_EQ(at.arrived, std::vector<std::string>{"heard"}) << call << ' ' << code;
    }
  }
}

TEST(packet_stream, drain_hands_on_what_is_there_without_the_loop_and_without_waiting) {
  fixture at;
  at.stream->drain();
  EXPECT_TRUE(at.arrived.empty());
  at.peer_says("one");
  at.peer_says("two");
  at.peer.reset();
  at.stream->drain();
  EXPECT_EQ(at.arrived, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(at.ends, 0) << "the end is the loop's to tell";
  at.turn();
  EXPECT_EQ(at.ends, 1);
  at.stream->drain();
}

// A worker could otherwise hold its manager's loop for ever.
TEST(packet_stream, a_peer_that_never_stops_talking_leaves_the_loop_to_others) {
  fixture at;
  constexpr std::size_t for_ever = 100'000;
  at.on_arrival = [&] {
    if (at.arrived.size() < for_ever) (void)send_packet(at.peer.get(), bytes_of("more"));
  };
  at.peer_says("first");
  at.loop.restart();
  EXPECT_EQ(at.loop.poll_one(), 1U);
  const auto first_turn = at.arrived.size();
  EXPECT_GT(first_turn, 1U);
  EXPECT_LT(first_turn, for_ever) << "its turn never ended";
  bool other_ran = false;
  boost::asio::post(at.loop, [&] { other_ran = true; });
  at.loop.poll_one();
  at.loop.poll_one();
  EXPECT_TRUE(other_ran);
  EXPECT_GT(at.arrived.size(), first_turn) << "and it is heard again after that";
  at.stream->drain();
}

TEST(packet_stream, may_be_destroyed_in_its_own_calls) {
  using step = void (*)(fixture&);
  const struct {
    const char* what;
    step arrange;
    std::size_t arrived;
    int ends;
  } table[] = {
      {"destroyed when a packet arrives, with more to come",
       [](fixture& at) { at.on_arrival = [&at] { at.stream.reset(); }; }, 1, 0},
      {"closed when a packet arrives", [](fixture& at) { at.on_arrival = [&at] { at.stream->close(); }; }, 1, 0},
      {"drained inside the arrival of a packet", [](fixture& at) { at.on_arrival = [&at] { at.stream->drain(); }; }, 3,
       1},
      {"destroyed at the end", [](fixture& at) { at.on_end = [&at] { at.stream.reset(); }; }, 3, 1},
      {"destroyed with packets waiting",
       [](fixture& at) {
         at.fill();
         at.on_arrival = [&at] { at.stream.reset(); };
       },
       1, 0},
  };
  for (const auto& row : table) {
    fixture at;
    row.arrange(at);
    for (const auto* text : {"one", "two", "three"}) at.peer_says(text);
    at.peer.reset();
    at.turn();
    EXPECT_EQ(at.arrived.size(), row.arrived) << row.what;
    EXPECT_EQ(at.ends, row.ends) << row.what;
  }
}

TEST(packet_stream, drained_and_destroyed_in_the_call_that_drain_makes) {
  fixture at;
  at.on_arrival = [&] { at.stream.reset(); };
  at.peer_says("one");
  at.peer_says("two");
  at.stream->drain();
  EXPECT_EQ(at.arrived, std::vector<std::string>{"one"});
}

TEST(packet_stream, destroyed_or_closed_it_lets_the_peer_know_and_keeps_no_descriptor) {
  const auto before = support::open_descriptors();
  for (const bool by_destruction : {true, false}) {
    fixture at;
    int pipe_ends[2];
    ASSERT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
    const unique_fd reader(pipe_ends[0]);
    at.fill();
    std::vector<unique_fd> descriptors;
    descriptors.emplace_back(pipe_ends[1]);
    ASSERT_TRUE(at.stream->send(bytes_of("with"), std::move(descriptors)));
    if (by_destruction) {
      at.stream.reset();
    } else {
      at.stream->close();
      at.stream->close();
    }
    at.turn();
    char letter = 0;
    if (by_destruction) {
      EXPECT_EQ(::read(reader.get(), &letter, 1), 0) << "what waited is gone with the stream";
    }
    while (at.peer_hears()) continue;
    EXPECT_TRUE(receive_packet(at.peer.get())->bytes.empty());
    EXPECT_EQ(at.ends, 0);
  }
  EXPECT_EQ(support::open_descriptors(), before);
}
