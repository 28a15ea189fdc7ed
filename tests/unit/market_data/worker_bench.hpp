#pragma once
// One worker in the test's own process: its context, and a manager that does no more than hold its queues.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lineshaft/queue.hpp"
#include "local/producer.hpp"
#include "status/block_writer.hpp"
#include "supervisor/held_queues.hpp"
#include "support/run.hpp"
#include "sys/socket.hpp"
#include "worker/context_state.hpp"
#include "worker/exception_text.hpp"

namespace market_data::test {

class worker_bench {
 public:
  worker_bench() {
    auto ends = lineshaft::sys::socketpair().value();
    state_.manager.emplace(
        state_.loop, std::move(ends[0]),
        [this](lineshaft::channel::packet packet) {
          const auto message = lineshaft::channel::decode_manager_message(packet.bytes);
          state_.held_opened(std::get<lineshaft::channel::opened>(*message), std::move(packet.descriptors));
        },
        [] {});
    manager_.emplace(
        state_.loop, std::move(ends[1]), [this](lineshaft::channel::packet packet) { serve(packet); }, [] {});
    state_.finish = [this] { finished_ = true; };
  }

  lineshaft::worker_context& context() { return context_; }
  lineshaft::worker_metrics& metrics() { return state_.metrics; }
  lineshaft::supervisor::held_queues& queues() { return *queues_; }
  bool finished() const { return finished_; }
  /// What start() threw, empty if nothing or its own cancellation.
  const std::string& failure() const { return failure_; }
  bool ended() const { return ended_; }

  void start(lineshaft::worker& worker) {
    ended_ = false;
    boost::asio::co_spawn(state_.executor, worker.start(),
                          boost::asio::bind_cancellation_slot(cancel_.slot(), [this](std::exception_ptr thrown) {
                            ended_ = true;
                            if (thrown && !lineshaft::runtime::is_cancellation(thrown))
                              failure_ = lineshaft::runtime::exception_text(thrown);
                          }));
  }
  /// As the runtime does it: not running any more, then cancelled.
  void shut_down() {
    state_.running = false;
    cancel_.emit(boost::asio::cancellation_type::all);
    run_until([this] { return ended_; });
  }
  /// Handles one event after the other; false if there are none left, or far too many.
  template <class Predicate>
  bool run_until(Predicate holds) {
    for (int events = 0; events < 100'000; ++events) {
      if (holds()) return true;
      state_.loop.restart();
      if (state_.loop.run_one() == 0) return holds();
    }
    return false;
  }
  /// Handles what is ready, and waits for nothing.
  void run_ready() {
    state_.loop.restart();
    state_.loop.poll();
  }
  /// Into the queue that the worker consumes.
  void send(const std::string& queue, const std::vector<std::string>& bodies) {
    auto held = queues_->open(queue, lineshaft::queue_role::producer, senders_).value();
    auto producer = lineshaft::local::producer::open(loop_.get_executor(), queue, std::move(held)).value();
    std::vector<lineshaft::message> messages;
    for (const auto& body : bodies) messages.push_back({.body = body});
    EXPECT_TRUE(support::run(loop_, producer->send(messages)));
  }
  /// The manager's end of every queue goes.
  void lose_queues() {
    ends_.process_ended();
    senders_.process_ended();
    queues_.reset();
  }

 private:
  void serve(const lineshaft::channel::packet& packet) {
    const auto said = lineshaft::channel::decode_worker_message(packet.bytes);
    const auto* wanted = said ? std::get_if<lineshaft::channel::open_queue>(&*said) : nullptr;
    if (wanted == nullptr) return;
    auto held = queues_->open(wanted->name, wanted->role, ends_);
    std::vector<lineshaft::unique_fd> descriptors;
    const std::string problem = held ? "" : held.error().message();
    if (held) {
      descriptors.push_back(std::move(held->socket));
      descriptors.push_back(std::move(held->account));
    }
    EXPECT_TRUE(manager_->send(lineshaft::channel::encode(lineshaft::channel::opened{wanted->number, problem}),
                               std::move(descriptors)));
  }

  alignas(64) std::byte memory_[sizeof(lineshaft::status::block_layout)] = {};
  lineshaft::status::block_writer block_{memory_};
  lineshaft::channel::worker_image image_{.name = "worker", .generation = 1};
  lineshaft::runtime::context_state state_{image_, block_};
  lineshaft::worker_context context_{state_};
  boost::asio::io_context loop_{1};  ///< of the senders
  std::optional<lineshaft::channel::packet_stream> manager_;
  std::unique_ptr<lineshaft::supervisor::held_queues> queues_ = std::make_unique<lineshaft::supervisor::held_queues>();
  lineshaft::supervisor::process_queues ends_, senders_;
  boost::asio::cancellation_signal cancel_;
  std::string failure_;
  bool ended_ = false, finished_ = false;
};

}  // namespace market_data::test
