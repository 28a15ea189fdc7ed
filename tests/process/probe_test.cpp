// Ready by a TCP connection or an HTTP answer, of programs and of worker classes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/free_port.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::ready_when;
using lineshaft::restart_mode;
using lineshaft::worker_state;
using support::eventually;
using testing::HasSubstr;

namespace {

// Python's own server: it listens when its file `go` is there, and answers what stands in `answer`.
constexpr const char* server = R"(
import http.server, os, pathlib, sys, time
port, go, answer = int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
while not os.path.exists(go): time.sleep(0.005)
class handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(answer.read_text()))
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", port), handler).serve_forever()
)";

class probe : public ::testing::Test {
 protected:
  void start(const std::string& target, std::chrono::milliseconds timeout = 60s) {
    const auto started = manager_.start_command(
        "a", {"/usr/bin/python3", "-c", server, std::to_string(port_), folder_ / "go", folder_.write("answer", "200")},
        {.restart = {.mode = restart_mode::never},
         .start_timeout = timeout,
         .ready = ready_when::probe,
         .probe = target});
    ASSERT_TRUE(started) << started.error().message();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  bool becomes(bool ready) {
    return eventually([&] { return manager_.get_status("a").ready == ready; });
  }

  support::temporary_folder folder_;
  const std::uint16_t port_ = support::free_port();
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(probe, a_program_is_ready_when_it_accepts_a_connection) {
  start("tcp:" + address());
  ASSERT_TRUE(eventually([&] { return !manager_.get_status("a").error.empty(); }));
  EXPECT_EQ(manager_.get_status("a").error, "cannot connect to " + address() + ": Connection refused");
  EXPECT_EQ(manager_.get_status("a").state, worker_state::starting);
  folder_.write("go", "");
  EXPECT_TRUE(manager_.wait_ready("a", 60s));
  EXPECT_EQ(manager_.get_status("a").error, "");
}

TEST_F(probe, readiness_by_http_is_lost_and_comes_back) {
  folder_.write("go", "");
  start("http://" + address() + "/ready");
  EXPECT_TRUE(manager_.wait_ready("a", 60s));
  folder_.write("answer", "503");
  EXPECT_TRUE(becomes(false));
  EXPECT_EQ(manager_.get_status("a").error, address() + " answers 503");
  EXPECT_TRUE(manager_.get_status("a").alive);
  folder_.write("answer", "204");
  EXPECT_TRUE(becomes(true));
}

TEST_F(probe, what_is_not_ready_in_time_has_failed_with_the_last_answer_as_the_reason) {
  start("http://" + address(), 50ms);
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").state == worker_state::failed; }));
  EXPECT_EQ(manager_.exit_records("a").at(0).reason,
            "was not ready within 50 ms: cannot connect to " + address() + ": Connection refused");
}

TEST_F(probe, of_a_worker_class_that_says_nothing_itself) {
  boost::asio::io_context loop;
  boost::asio::ip::tcp::acceptor listening(loop, {boost::asio::ip::address_v4::loopback(), 0});
  const auto port = listening.local_endpoint().port();
  ASSERT_TRUE(manager_.start_worker<children::idle>(
      "a", {}, {.ready = ready_when::probe, .probe = "tcp:localhost:" + std::to_string(port)}));
  EXPECT_TRUE(manager_.wait_ready("a", 60s));
}

TEST_F(probe, one_that_cannot_be_asked_starts_nothing) {
  const auto started =
      manager_.start_worker<children::idle>("a", {}, {.ready = ready_when::probe, .probe = "https://localhost/"});
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message(), HasSubstr("cannot start 'a': cannot probe 'https://localhost/': expected"));
}
