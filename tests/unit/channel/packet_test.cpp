// Packets of every size, whole or not at all, and what a hostile peer may send in their place.
#include "channel/packet.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "channel/stored.hpp"
#include "support/processes.hpp"
#include "sys/fault.hpp"
#include "sys/memory.hpp"

using namespace lineshaft;
using namespace lineshaft::channel;

namespace {

constexpr std::size_t inline_limit = 16 * 1024;
constexpr std::byte stored_mark{1};

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t n = 0; n < size; ++n) bytes[n] = std::byte(n * 31 + n / 251);
  return bytes;
}

sys::socket_pair connected() { return std::move(sys::socketpair().value()); }

/// A memory file with these seals, of this size: all that a peer is free to choose.
unique_fd memory_file(std::size_t size, int seals) {
  unique_fd file(::memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  EXPECT_EQ(::ftruncate(file.get(), static_cast<off_t>(size)), 0);
  EXPECT_EQ(::fcntl(file.get(), F_ADD_SEALS, seals), 0);
  return file;
}

/// What the receiver makes of a packet that says "the bytes are in this file".
packet received_as_stored(int file, std::vector<std::byte> raw = {stored_mark}) {
  const auto ends = connected();
  const std::vector<int> descriptors = file < 0 ? std::vector<int>{} : std::vector<int>{file};
  EXPECT_TRUE(sys::sendmsg(ends[0].get(), raw, descriptors));
  auto received = receive_packet(ends[1].get());
  EXPECT_TRUE(received) << "a packet that cannot be read says nothing of the socket";
  return received ? std::move(*received) : packet{};
}

/// Runs with a descriptor table that has no room left.
class full_descriptor_table {
 public:
  full_descriptor_table() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const unique_fd next(::dup(0));
    rlimit full = before_;
    full.rlim_cur = static_cast<rlim_t>(next.get());
    ::setrlimit(RLIMIT_NOFILE, &full);
  }
  ~full_descriptor_table() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  full_descriptor_table(const full_descriptor_table&) = delete;
  full_descriptor_table& operator=(const full_descriptor_table&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST(packet, of_every_size_comes_whole_and_with_its_descriptors) {
  for (const std::size_t size : {std::size_t{1}, inline_limit - 1, inline_limit, inline_limit + 1, std::size_t{300'000},
                                 std::size_t{3'000'000}, longest_stored}) {
    const auto ends = connected();
    int pipe_ends[2];
    ASSERT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
    const unique_fd reader(pipe_ends[0]), writer(pipe_ends[1]);
    ASSERT_TRUE(send_packet(ends[0].get(), pattern(size), std::vector<int>{reader.get(), writer.get()})) << size;
    const auto received = receive_packet(ends[1].get());
    ASSERT_TRUE(received) << size;
    EXPECT_EQ(received->bytes, pattern(size)) << size;
    EXPECT_FALSE(received->truncated);
    ASSERT_EQ(received->descriptors.size(), 2U) << size;
    char letter = 0;
    EXPECT_EQ(::write(received->descriptors[1].get(), "x", 1), 1);
    EXPECT_EQ(::read(reader.get(), &letter, 1), 1) << "the second descriptor is the writing end";
  }
}

TEST(packet, above_16_kib_takes_no_more_of_the_socket_than_a_small_one) {
  const auto ends = connected();
  int big = 0, small = 0;
  while (send_packet(ends[0].get(), pattern(100'000))) ++big;
  while (receive_packet(ends[1].get())) continue;
  while (send_packet(ends[0].get(), pattern(1))) ++small;
  EXPECT_GT(big, small / 4);
}

TEST(packet, longer_than_the_longest_is_refused_before_anything_is_sent) {
  const auto ends = connected();
  const auto descriptors = support::open_descriptors();
  const auto sent = send_packet(ends[0].get(), std::vector<std::byte>(longest_stored + 1));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message(), "cannot pass 16777217 bytes on: the most is 16777216: Message too long");
  EXPECT_TRUE(sys::would_block(receive_packet(ends[1].get()).error()));
  EXPECT_EQ(support::open_descriptors(), descriptors);
}

TEST(packet, empty_is_the_end) {
  auto ends = connected();
  ends[0].reset();
  const auto received = receive_packet(ends[1].get());
  ASSERT_TRUE(received);
  EXPECT_TRUE(received->bytes.empty());
  EXPECT_FALSE(received->truncated);
}

TEST(packet, what_a_peer_has_said_is_heard_even_if_it_left_without_listening) {
  auto ends = connected();
  ASSERT_TRUE(send_packet(ends[1].get(), pattern(1)));
  ASSERT_TRUE(send_packet(ends[0].get(), pattern(2)));
  ends[0].reset();
  EXPECT_EQ(receive_packet(ends[1].get())->bytes, pattern(2));
  EXPECT_TRUE(receive_packet(ends[1].get())->bytes.empty());
}

TEST(packet, nothing_there_and_no_room_are_both_told_as_later) {
  const auto ends = connected();
  EXPECT_TRUE(sys::would_block(receive_packet(ends[1].get()).error()));
  auto sent = send_packet(ends[0].get(), pattern(1000));
  while (sent) sent = send_packet(ends[0].get(), pattern(1000));
  EXPECT_TRUE(sys::would_block(sent.error()));
  EXPECT_TRUE(sys::would_block(send_packet(ends[0].get(), pattern(100'000)).error())) << "a stored one waits, too";
}

TEST(packet, a_stored_one_that_is_hostile_is_empty_and_truncated) {
  constexpr int sized = F_SEAL_SHRINK | F_SEAL_GROW;
  int pipe_ends[2];
  ASSERT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
  const unique_fd pipe_reader(pipe_ends[0]), pipe_writer(pipe_ends[1]);
  const struct {
    const char* what;
    unique_fd file;
  } table[] = {
      {"no file at all", unique_fd()},
      {"a file that is not sealed", memory_file(100'000, 0)},
      {"a file that may shrink under the reader", memory_file(100'000, F_SEAL_GROW)},
      {"a file that may grow", memory_file(100'000, F_SEAL_SHRINK)},
      {"an empty file", memory_file(0, sized)},
      {"one byte too long", memory_file(longest_stored + 1, sized)},
      {"an absurd length, which costs its maker nothing", memory_file(std::size_t{1} << 40, sized)},
      {"a pipe", unique_fd(::dup(pipe_reader.get()))},
      {"a device that never ends", unique_fd(::open("/dev/zero", O_RDONLY | O_CLOEXEC))},
  };
  for (const auto& row : table) {
    const auto received = received_as_stored(row.file.get());
    EXPECT_TRUE(received.truncated) << row.what;
    EXPECT_TRUE(received.bytes.empty()) << row.what;
  }
}

TEST(packet, what_stands_beside_the_mark_of_a_stored_one_is_not_read) {
  const auto stored = store(pattern(20'000));
  ASSERT_TRUE(stored);
  const auto received = received_as_stored(stored->get(), {stored_mark, std::byte{7}, std::byte{9}});
  EXPECT_FALSE(received.truncated);
  EXPECT_EQ(received.bytes, pattern(20'000));
  EXPECT_TRUE(received.descriptors.empty()) << "the file is not handed on";
}

TEST(packet, one_of_a_peer_with_other_limits_is_cut_and_says_so) {
  const auto ends = connected();
  ASSERT_TRUE(sys::sendmsg(ends[0].get(), std::vector<std::byte>(inline_limit + 2)));
  const auto received = receive_packet(ends[1].get());
  ASSERT_TRUE(received);
  EXPECT_TRUE(received->truncated);
}

TEST(packet, a_full_descriptor_table_truncates_it_and_the_next_one_comes) {
  const auto ends = connected();
  ASSERT_TRUE(send_packet(ends[0].get(), pattern(10), std::vector<int>{0}));
  ASSERT_TRUE(send_packet(ends[0].get(), pattern(20'000)));
  ASSERT_TRUE(send_packet(ends[0].get(), pattern(11)));
  {
    const full_descriptor_table full;
    const auto with_descriptor = receive_packet(ends[1].get());
    ASSERT_TRUE(with_descriptor);
    EXPECT_TRUE(with_descriptor->truncated);
    EXPECT_TRUE(with_descriptor->descriptors.empty());
    const auto stored = receive_packet(ends[1].get());
    ASSERT_TRUE(stored);
    EXPECT_TRUE(stored->truncated);
    EXPECT_TRUE(stored->bytes.empty());
  }
  EXPECT_EQ(receive_packet(ends[1].get())->bytes, pattern(11));
}

TEST(packet, a_stored_one_that_cannot_be_mapped_now_is_truncated_and_leaves_nothing_open) {
  const auto ends = connected();
  ASSERT_TRUE(send_packet(ends[0].get(), pattern(20'000)));
  const auto descriptors = support::open_descriptors();
  sys::inject("mmap", std::make_error_code(std::errc::not_enough_memory));
  {
    const auto received = receive_packet(ends[1].get());
    ASSERT_TRUE(received);
    EXPECT_TRUE(received->truncated);
  }
  sys::clear_injected();
  EXPECT_EQ(support::open_descriptors(), descriptors);
}

TEST(packet, each_call_of_a_stored_send_that_fails_is_the_senders_error_and_leaves_nothing_open) {
  const auto ends = connected();
  const auto descriptors = support::open_descriptors();
  for (const char* call : {"memfd_create", "ftruncate", "fcntl", "mmap", "sendmsg"}) {
    sys::inject(call, std::make_error_code(std::errc::too_many_files_open));
    const auto sent = send_packet(ends[0].get(), pattern(20'000));
    sys::clear_injected();
    ASSERT_FALSE(sent) << call;
    EXPECT_EQ(sent.error().code, std::errc::too_many_files_open) << call;
    EXPECT_EQ(support::open_descriptors(), descriptors) << call;
  }
  EXPECT_TRUE(sys::would_block(receive_packet(ends[1].get()).error())) << "nothing was sent";
}
