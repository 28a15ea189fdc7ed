#pragma once
// A web server as a worker: it serves the socket that the manager holds, and leaves no request unanswered.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <lineshaft/lineshaft.hpp>
#include <memory>

namespace zero_downtime {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct web_options {
  std::string endpoint = "127.0.0.1:8080";
  std::string text = "hello";
};
BOOST_DESCRIBE_STRUCT(web_options, (), (endpoint, text))

class web : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "web";
  using options = web_options;
  web(options given, lineshaft::worker_context& context) : options_(std::move(given)), context_(context) {}

  asio::awaitable<void> start() override {
    auto socket = co_await context_.listen(options_.endpoint);
    if (!socket) throw std::runtime_error(socket.error().message());
    acceptor_.emplace(context_.executor(), tcp::v4(), socket->release());
    context_.ready();
    while (context_.running()) {
      auto [ec, connection] = co_await acceptor_->async_accept(asio::as_tuple(asio::use_awaitable));
      // Another replica, which shares the socket, was faster; or the client has gone again.
      if (ec) continue;
      ++open_;
      asio::co_spawn(context_.executor(), serve(std::move(connection)), [this](const std::exception_ptr&) {
        --open_;
        all_closed_.cancel_one();
      });
    }
  }

  /// New connections stay in the backlog for whoever comes next; those that are open get their answer.
  asio::awaitable<void> stop() override {
    acceptor_.reset();
    while (open_ > 0) {
      all_closed_.expires_at(std::chrono::steady_clock::time_point::max());
      co_await all_closed_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

 private:
  asio::awaitable<void> serve(tcp::socket connection) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      http::request<http::string_body> request;
      const auto [ec, size] =
          co_await http::async_read(connection, buffer, request, asio::as_tuple(asio::use_awaitable));
      if (ec) co_return;
      context_.metrics().processed.add();
      http::response<http::string_body> answer(http::status::ok, request.version());
      answer.body() = options_.text + " from " + std::string(context_.name()) + "\n";
      // The last answer on this connection, once the worker is told to stop: the client opens another.
      answer.keep_alive(request.keep_alive() && context_.running());
      answer.prepare_payload();
      co_await http::async_write(connection, answer, asio::use_awaitable);
      if (!answer.keep_alive()) co_return;
    }
  }

  options options_;
  lineshaft::worker_context& context_;
  std::optional<tcp::acceptor> acceptor_;
  int open_ = 0;
  asio::steady_timer all_closed_{context_.executor()};
};

}  // namespace zero_downtime
