#pragma once
// The workers of the soak: they feed each other, hang, and do nothing.
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/queue.hpp>
#include <stdexcept>

namespace soak {
namespace asio = boost::asio;

struct no_options {};
BOOST_DESCRIBE_STRUCT(no_options, (), ())

class part : public lineshaft::worker {
 public:
  using options = no_options;
  part(options, lineshaft::worker_context& context) : context_(context) {}
  asio::awaitable<void> start() override { co_return; }

 protected:
  lineshaft::worker_context& context_;
};

class idler : public part {
 public:
  static constexpr std::string_view class_name = "idler";
  using part::part;
};

/// When it is told to by SIGUSR1, its loop is stuck for good.
class hanger : public part {
 public:
  static constexpr std::string_view class_name = "hanger";
  using part::part;
  asio::awaitable<void> start() override {
    asio::signal_set told(context_.executor(), SIGUSR1);
    co_await told.async_wait(asio::use_awaitable);
    for (;;) ::pause();
  }
};

/// Sends a batch each millisecond.
class feeder : public part {
 public:
  static constexpr std::string_view class_name = "feeder";
  using part::part;
  asio::awaitable<void> start() override {
    auto opened = co_await open_producer(context_, "local:events");
    if (!opened) throw std::runtime_error(opened.error().message());
    const std::vector<lineshaft::message> batch(20, lineshaft::message{.body = "an event"});
    asio::steady_timer pause(context_.executor());
    while (context_.running()) {
      if (!co_await (*opened)->send(batch)) co_return;
      context_.metrics().published.add(batch.size());
      pause.expires_after(std::chrono::milliseconds(1));
      co_await pause.async_wait(asio::use_awaitable);
    }
  }
};

class eater : public part {
 public:
  static constexpr std::string_view class_name = "eater";
  using part::part;
  asio::awaitable<void> start() override {
    auto opened = co_await open_consumer(context_, "local:events");
    if (!opened) throw std::runtime_error(opened.error().message());
    while (context_.running()) {
      const auto batch = co_await (*opened)->receive();
      if (!batch) co_return;
      context_.metrics().processed.add(batch->size());
      (*opened)->done();
    }
  }
};

}  // namespace soak
