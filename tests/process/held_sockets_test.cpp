// Listening sockets that the manager holds: no client is refused while the workers behind them are replaced.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <future>

#include "04_http_zero_downtime/web.hpp"
#include "lineshaft/process_manager.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/free_port.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using lineshaft::process_manager;
using lineshaft::ready_when;
using lineshaft::worker_of;

namespace {

/// Asks `count` times over connections that stay open as long as the server wants. What goes wrong is thrown.
std::uint64_t ask(std::uint16_t port, std::uint64_t count) {
  asio::io_context loop;
  std::uint64_t answered = 0;
  std::optional<tcp::socket> connection;
  boost::beast::flat_buffer buffer;
  while (answered < count) {
    if (!connection) {
      connection.emplace(loop);
      connection->connect({asio::ip::address_v4::loopback(), port});
    }
    http::write(*connection, http::request<http::empty_body>(http::verb::get, "/", 11));
    http::response<http::string_body> answer;
    http::read(*connection, buffer, answer);
    if (answer.result() != http::status::ok) throw std::runtime_error("an answer that is none");
    ++answered;
    if (!answer.keep_alive()) connection.reset();
  }
  return answered;
}

class held_sockets : public ::testing::Test {
 protected:
  void serve(std::uint32_t replicas) {
    auto web = worker_of<zero_downtime::web>("web", {.endpoint = "127.0.0.1:" + std::to_string(port_)},
                                             {.ready = ready_when::notify});
    web.replicas = replicas;
    ASSERT_TRUE(manager_.start_pipeline({.workers = {web}}));
    for (std::uint32_t number = 0; number < replicas; ++number) {
      ASSERT_TRUE(manager_.wait_ready("web-" + std::to_string(number)));
    }
  }

  std::uint16_t port_ = support::free_port();
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(held_sockets, a_hundred_thousand_requests_through_rolling_restarts_and_none_fails) {
  constexpr std::uint64_t clients = 8, each = 12'500;
  serve(2);
  std::atomic<bool> done = false;
  auto restarts = std::async(std::launch::async, [&] {
    int rounds = 0;
    while (!done) {
      const auto rolled = manager_.restart_rolling("web");
      EXPECT_TRUE(rolled) << rolled.error().message();
      ++rounds;
    }
    return rounds;
  });
  std::vector<std::future<std::uint64_t>> asking;
  for (std::uint64_t client = 0; client < clients; ++client) {
    asking.push_back(std::async(std::launch::async, ask, port_, each));
  }
  std::uint64_t answered = 0;
  for (auto& one : asking) EXPECT_NO_THROW(answered += one.get());
  done = true;
  EXPECT_EQ(answered, clients * each);
  EXPECT_GT(restarts.get(), 0) << "nothing was replaced meanwhile";
}

TEST_F(held_sockets, a_connection_waits_in_the_backlog_while_there_is_no_worker) {
  serve(1);
  manager_.stop_process("web-0", 60s);
  auto asking = std::async(std::launch::async, ask, port_, 1);
  ASSERT_TRUE(manager_.restart_worker("web-0"));
  EXPECT_EQ(asking.get(), 1U);
}

TEST_F(held_sockets, an_endpoint_that_cannot_be_is_an_error_that_says_why) {
  ASSERT_TRUE(manager_.start_worker<zero_downtime::web>("web", {.endpoint = "localhost:80"},
                                                        {.restart = {.mode = lineshaft::restart_mode::never}}));
  ASSERT_TRUE(support::eventually([&] { return manager_.get_status("web").last_exit.has_value(); }));
  EXPECT_EQ(manager_.get_status("web").error,
            "exited 70: cannot listen at 'localhost:80': expected a numeric address, like 127.0.0.1 or [::1]");
}
