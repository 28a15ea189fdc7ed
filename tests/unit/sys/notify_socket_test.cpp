#include "sys/notify_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "support/files.hpp"
#include "support/processes.hpp"
#include "sys/fault.hpp"
#include "sys/socket.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;

TEST(notify_socket, says_who_sent_a_datagram) {
  const auto bound = sys::bind_notify_socket();
  ASSERT_TRUE(bound) << bound.error().message();
  ASSERT_TRUE(sys::send_datagram(bound->address, "READY=1", 0ms));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(sys::send_datagram(bound->address, "from a child", 0ms) ? 0 : 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  const auto own = sys::receive_datagram(bound->socket.get(), 4096);
  ASSERT_TRUE(own) << own.error().message();
  EXPECT_EQ(own->text, "READY=1");
  EXPECT_EQ(own->sender, ::getpid());
  const auto childs = sys::receive_datagram(bound->socket.get(), 4096);
  ASSERT_TRUE(childs);
  EXPECT_EQ(childs->text, "from a child");
  EXPECT_EQ(childs->sender, child);
  const auto none = sys::receive_datagram(bound->socket.get(), 4096);
  ASSERT_FALSE(none);
  EXPECT_TRUE(sys::would_block(none.error()));
}

TEST(notify_socket, has_an_address_of_its_own_each_time) {
  const auto one = sys::bind_notify_socket(), other = sys::bind_notify_socket();
  ASSERT_TRUE(one && other);
  EXPECT_TRUE(one->address.starts_with("@lineshaft/"));
  EXPECT_NE(one->address, other->address);
}

TEST(notify_socket, says_that_a_datagram_was_cut_off) {
  const auto bound = sys::bind_notify_socket();
  ASSERT_TRUE(bound);
  ASSERT_TRUE(sys::send_datagram(bound->address, std::string(10'000, 'x'), 0ms));
  const auto received = sys::receive_datagram(bound->socket.get(), 4096);
  ASSERT_TRUE(received);
  EXPECT_TRUE(received->truncated);
  EXPECT_EQ(received->text.size(), 4096U);
}

TEST(notify_socket, that_cannot_be_made_is_an_error) {
  sys::inject("notify_socket", std::make_error_code(std::errc::too_many_files_open));
  const auto failed = sys::bind_notify_socket();
  sys::clear_injected();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message(), "cannot make a socket for notifications: Too many open files");
}

TEST(notify_socket, sends_to_a_path_and_refuses_what_is_no_address) {
  const support::temporary_folder folder;
  const auto path = folder / "notify";
  const unique_fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  ASSERT_TRUE(sys::send_datagram(path, "READY=1", 1s));
  char text[16] = {};
  EXPECT_EQ(::recv(socket.get(), text, sizeof text, MSG_DONTWAIT), 7);
  for (const auto& bad : {std::string(), std::string("@"), std::string("relative"), "/" + std::string(200, 'x')})
    EXPECT_FALSE(sys::send_datagram(bad, "READY=1", 0ms)) << bad;
  EXPECT_FALSE(sys::send_datagram(folder / "nobody", "READY=1", 0ms));
}

TEST(notify_socket, that_nobody_reads_ends_a_senders_patience) {
  const auto bound = sys::bind_notify_socket();
  ASSERT_TRUE(bound);
  auto sent = sys::send_datagram(bound->address, "x", 0ms);
  while (sent) sent = sys::send_datagram(bound->address, "x", 0ms);
  EXPECT_TRUE(sys::would_block(sent.error())) << sent.error().message();
  EXPECT_FALSE(sys::send_datagram(bound->address, "x", 10ms));
}
