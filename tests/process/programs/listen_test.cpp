// Listening sockets for programs, as sd_listen_fds(3) says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>

#include "lineshaft/process_manager.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/free_port.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using lineshaft::process_manager;
using lineshaft::start_options;
using support::eventually;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

// Writes down what it was given, and says to everybody who connects to its first socket which process it is.
constexpr const char* server = R"(
import os, socket, sys
fds = sorted(int(fd) for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}"))
with open(sys.argv[1], "w") as out:
    print(os.environ.get("LISTEN_PID") == str(os.getpid()), os.environ.get("LISTEN_FDS"), os.environ.get("LISTEN_FDNAMES"),
          fds, file=out)
if "LISTEN_FDS" not in os.environ: sys.exit(0)
listening = socket.socket(fileno=3)
while True:
    connection, _ = listening.accept()
    connection.sendall(str(os.getpid()).encode())
    connection.close()
)";

class listen_fds : public ::testing::Test {
 protected:
  void start(std::map<std::string, std::string> sockets) {
    const auto started =
        manager_.start_command("a", {"/usr/bin/python3", "-c", server, file_}, {.listen = std::move(sockets)});
    ASSERT_TRUE(started) << started.error().message();
  }
  std::string given() {
    EXPECT_TRUE(eventually([&] { return !support::lines_of(file_).empty(); }));
    return support::lines_of(file_).front();
  }
  static std::string ask(std::uint16_t port) {
    asio::io_context loop;
    tcp::socket connection(loop);
    connection.connect({asio::ip::address_v4::loopback(), port});
    std::string answer;
    boost::system::error_code ec;
    asio::read(connection, asio::dynamic_buffer(answer), ec);
    return answer;
  }

  support::temporary_folder folder_;
  const std::string file_ = folder_ / "given";
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(listen_fds, are_given_in_the_order_of_their_names_with_the_pid_and_nothing_else) {
  start({{"web", "127.0.0.1:" + std::to_string(support::free_port())}, {"control", "unix:" + (folder_ / "socket")}});
  EXPECT_EQ(given(), "True 2 control:web [0, 1, 2, 3, 4]");
}

TEST_F(listen_fds, none_without_them) {
  ::setenv("LISTEN_FDS", "7", 1);  // of whoever has started this program
  start({});
  ::unsetenv("LISTEN_FDS");
  EXPECT_EQ(given(), "False None None [0, 1, 2]");
}

TEST_F(listen_fds, a_connection_made_while_there_is_no_process_is_served_by_the_next) {
  const auto port = support::free_port();
  start({{"web", "127.0.0.1:" + std::to_string(port)}});
  EXPECT_EQ(ask(port), std::to_string(*manager_.get_status("a").pid));
  manager_.stop_process("a", 60s);
  asio::io_context loop;
  tcp::socket waiting(loop);
  waiting.connect({asio::ip::address_v4::loopback(), port});
  start({{"web", "127.0.0.1:" + std::to_string(port)}});
  std::string answer;
  boost::system::error_code ec;
  asio::read(waiting, asio::dynamic_buffer(answer), ec);
  EXPECT_EQ(answer, std::to_string(*manager_.get_status("a").pid));
}

TEST_F(listen_fds, a_place_that_is_taken_is_an_error_that_names_it_and_leaves_nothing) {
  asio::io_context loop;
  const tcp::acceptor other(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const auto place = "127.0.0.1:" + std::to_string(other.local_endpoint().port());
  const auto started = manager_.start_command("a", {"sleep", "1000"}, {.listen = {{"web", place}}});
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message(), HasSubstr("cannot listen at '" + place + "': Address already in use"));
  EXPECT_TRUE(manager_.start_command("a", {"sleep", "1000"}));
}

TEST_F(listen_fds, what_cannot_be_is_said_before_anything_starts) {
  std::map<std::string, std::string> many;
  for (int number = 0; number < 17; ++number) many[std::to_string(number)] = "127.0.0.1:1";
  for (const auto& [sockets, problem] : std::vector<std::pair<std::map<std::string, std::string>, std::string>>{
           {many, "it listens at 17 places, and 16 are possible"},
           {{{"a:b", "127.0.0.1:1"}}, "'a:b' cannot be the name of a socket"},
           {{{"", "127.0.0.1:1"}}, "'' cannot be the name of a socket"},
           {{{"web", "somewhere"}}, "cannot listen at 'somewhere': expected ADDRESS:PORT or unix:PATH"}}) {
    const auto started = manager_.start_command("a", {"sleep", "1000"}, {.listen = sockets});
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().message(), HasSubstr("cannot start 'a': " + problem));
  }
}
