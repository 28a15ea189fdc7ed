#include "sys/poll.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "sys/fault.hpp"
#include "sys/socket.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;
using descriptors = std::vector<int>;

namespace {

struct fixture {
  sys::poller poller = std::move(sys::poller::make().value());
  sys::socket_pair one = std::move(sys::socketpair().value());
  sys::socket_pair two = std::move(sys::socketpair().value());

  static void say(const unique_fd& from) {
    const std::byte letter{1};
    ASSERT_TRUE(sys::sendmsg(from.get(), std::span(&letter, 1)));
  }
  /// In order of their numbers.
  descriptors ready() {
    auto all = poller.wait(0ms);
    std::ranges::sort(all);
    return all;
  }
};

}  // namespace

TEST(poll, names_the_descriptors_that_can_be_read_as_long_as_they_can) {
  fixture at;
  ASSERT_TRUE(at.poller.add(at.one[0].get()));
  ASSERT_TRUE(at.poller.add(at.two[0].get()));
  EXPECT_EQ(at.ready(), descriptors{});
  at.say(at.one[1]);
  EXPECT_EQ(at.ready(), descriptors{at.one[0].get()});
  EXPECT_EQ(at.ready(), descriptors{at.one[0].get()}) << "level-triggered";
  at.say(at.two[1]);
  EXPECT_EQ(at.ready(),
            (descriptors{std::min(at.one[0].get(), at.two[0].get()), std::max(at.one[0].get(), at.two[0].get())}));
  ASSERT_TRUE(sys::recvmsg(at.one[0].get(), 16));
  EXPECT_EQ(at.ready(), descriptors{at.two[0].get()});
}

TEST(poll, names_one_whose_other_side_is_gone) {
  fixture at;
  ASSERT_TRUE(at.poller.add(at.one[0].get()));
  at.one[1].reset();
  EXPECT_EQ(at.ready(), descriptors{at.one[0].get()});
}

TEST(poll, does_not_name_one_that_was_removed_or_closed) {
  fixture at;
  ASSERT_TRUE(at.poller.add(at.one[0].get()));
  ASSERT_TRUE(at.poller.add(at.two[0].get()));
  at.say(at.one[1]);
  at.say(at.two[1]);
  at.poller.remove(at.one[0].get());
  at.poller.remove(at.one[0].get());
  at.two[0].reset();
  EXPECT_EQ(at.ready(), descriptors{});
  ASSERT_TRUE(at.poller.add(at.one[0].get())) << "it may come back";
  EXPECT_EQ(at.ready(), descriptors{at.one[0].get()});
}

TEST(poll, without_a_timeout_waits_until_there_is_something) {
  fixture at;
  ASSERT_TRUE(at.poller.add(at.one[0].get()));
  std::thread other([&] { at.say(at.one[1]); });
  EXPECT_EQ(at.poller.wait(std::nullopt), descriptors{at.one[0].get()});
  other.join();
}

TEST(poll, names_more_than_fit_into_one_call_in_the_next_ones) {
  fixture at;
  std::vector<sys::socket_pair> many;
  for (int n = 0; n < 100; ++n) {
    many.push_back(std::move(sys::socketpair().value()));
    ASSERT_TRUE(at.poller.add(many.back()[0].get()));
    at.say(many.back()[1]);
  }
  std::size_t seen = 0;
  for (auto all = at.ready(); !all.empty(); all = at.ready()) {
    seen += all.size();
    for (const int fd : all) ASSERT_TRUE(sys::recvmsg(fd, 16));
  }
  EXPECT_EQ(seen, many.size());
}

TEST(poll, says_why_a_descriptor_cannot_be_watched) {
  fixture at;
  ASSERT_TRUE(at.poller.add(at.one[0].get()));
  EXPECT_EQ(at.poller.add(9999).error().message(), "cannot watch a descriptor: Bad file descriptor");
  EXPECT_EQ(at.poller.add(at.one[0].get()).error().code, std::errc::file_exists);
  sys::inject("epoll_create1", std::make_error_code(std::errc::too_many_files_open));
  EXPECT_EQ(sys::poller::make().error().message(), "cannot make an epoll instance: Too many open files");
  sys::clear_injected();
}

TEST(poll, wait_writable_returns_when_the_peer_has_made_room_or_is_gone) {
  for (const bool by_reading : {true, false}) {
    fixture at;
    while (sys::sendmsg(at.one[0].get(), std::vector<std::byte>(1000))) continue;
    std::thread peer([&] {
      while (by_reading && sys::recvmsg(at.one[1].get(), 1000)) continue;
      if (!by_reading) at.one[1].reset();
    });
    sys::wait_writable(at.one[0].get());
    peer.join();
    EXPECT_EQ(sys::sendmsg(at.one[0].get(), std::vector<std::byte>(1000)).has_value(), by_reading);
  }
}
