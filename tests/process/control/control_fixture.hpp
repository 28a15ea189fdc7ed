#pragma once
// A manager with a control server at a socket of its own, and a client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "children/classes.hpp"
#include "control/client.hpp"
#include "control/server.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/program.hpp"

namespace control_tests {
using namespace std::chrono_literals;
namespace control = lineshaft::control;
namespace json = boost::json;

class control_server : public ::testing::Test {
 protected:
  void serve(control::server_options options = {}, control::program_hooks hooks = {}) {
    listen(std::move(options), std::move(hooks));
    server_->open();
  }
  void listen(control::server_options options = {}, control::program_hooks hooks = {}) {
    options.pipeline = "tests";
    options.socket = socket_;
    auto listening = control::server::listen(manager_, std::move(options), std::move(hooks));
    ASSERT_TRUE(listening) << listening.error().message();
    server_ = std::move(*listening);
  }
  void SetUp() override { serve(); }

  void start(std::string name, std::string_view class_name = "idle", lineshaft::start_options how = {}) {
    const auto started = manager_.start_worker(class_name, name, {}, std::move(how));
    ASSERT_TRUE(started) << started.error().message();
    ASSERT_TRUE(manager_.wait_ready(name));
  }
  void run(lineshaft::pipeline_spec spec) {
    const auto started = manager_.start_pipeline(std::move(spec));
    ASSERT_TRUE(started) << started.error().message();
  }
  bool becomes(const std::string& name, lineshaft::worker_state state) {
    return support::eventually([&] { return manager_.get_status(name).state == state; });
  }

  control::response send(const std::string& method, const std::string& target, const std::string& body = {}) {
    auto got = client_.send(method, target, body);
    EXPECT_TRUE(got) << got.error().message();
    return got.value_or(control::response());
  }
  json::object ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    const auto got = send(method, target, body);
    EXPECT_EQ(got.status, 200U) << got.body;
    EXPECT_EQ(got.content_type, "application/json");
    return object(got.body);
  }
  /// The detail of a refusal.
  std::string refused(unsigned status, const std::string& method, const std::string& target,
                      const std::string& body = {}) {
    const auto got = send(method, target, body);
    EXPECT_EQ(got.status, status) << got.body;
    EXPECT_EQ(got.content_type, "application/problem+json");
    const auto problem = object(got.body);
    EXPECT_EQ(problem.at("status").to_number<unsigned>(), status);
    return std::string(problem.at("detail").get_string());
  }
  static json::object object(const std::string& text) {
    boost::system::error_code ec;
    const auto parsed = json::parse(text, ec);
    EXPECT_FALSE(ec) << text;
    return parsed.is_object() ? parsed.get_object() : json::object();
  }

  support::temporary_folder folder_;
  std::string socket_ = folder_ / "control.sock";
  lineshaft::process_manager manager_{support::host()};
  std::unique_ptr<control::server> server_;
  control::client client_{socket_};
};

}  // namespace control_tests
