#include "sys/listen.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/files.hpp"

using namespace lineshaft;

namespace {

bool can_connect(const sys::endpoint& where) {
  const unique_fd client(::socket(where.family, SOCK_STREAM, 0));
  return ::connect(client.get(), reinterpret_cast<const sockaddr*>(where.address.data()),
                   static_cast<socklen_t>(where.address.size())) == 0;
}

}  // namespace

TEST(listen, takes_connections_at_an_address_that_is_free_and_refuses_one_that_is_not) {
  const auto made = sys::listen(sys::tcp_endpoint(std::array<unsigned char, 4>{127, 0, 0, 1}, 0));
  ASSERT_TRUE(made) << made.error().message();
  sys::endpoint where{AF_INET, std::vector<std::byte>(64), {}};
  socklen_t size = 64;
  ::getsockname(made->get(), reinterpret_cast<sockaddr*>(where.address.data()), &size);
  where.address.resize(size);
  EXPECT_TRUE(can_connect(where));
  const auto again = sys::listen(where);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, std::errc::address_in_use);
}

TEST(listen, replaces_the_file_of_a_unix_socket_that_nobody_listens_at_and_no_other) {
  const support::temporary_folder folder;
  const auto where = sys::unix_endpoint(folder / "socket");
  ASSERT_TRUE(where);
  auto first = sys::listen(*where);
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_FALSE(sys::listen(*where)) << "it is in use";
  first->reset();  // as a manager that was killed: the file stays
  ASSERT_EQ(::access((folder / "socket").c_str(), F_OK), 0);
  const auto second = sys::listen(*where);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_TRUE(can_connect(*where));

  const auto file = sys::unix_endpoint(folder.write("file", "precious"));
  EXPECT_FALSE(sys::listen(*file)) << "no socket";
  EXPECT_EQ(support::lines_of(folder / "file"), std::vector<std::string>{"precious"});
}
