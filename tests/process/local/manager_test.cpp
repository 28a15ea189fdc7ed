// `local:` between real workers of a real manager.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/queue.hpp>

#include "support/eventually.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

namespace asio = boost::asio;
using namespace lineshaft;
using namespace std::chrono_literals;
using support::eventually;

namespace {

lineshaft::host* the_host = nullptr;

struct queue_options {
  std::string queue;
  std::uint64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(queue_options, (), (queue, count))

/// Sends `count` messages, and has finished; 0: until it is stopped.
class sender : public worker {
 public:
  static constexpr std::string_view class_name = "sender";
  using options = queue_options;
  sender(options given, worker_context& context) : options_(std::move(given)), context_(context) {}

  asio::awaitable<void> start() override {
    auto opened = co_await open_producer(context_, options_.queue);
    if (!opened) throw std::runtime_error(opened.error().message());
    const std::vector<message> batch(50, message{.body = "an event"});
    const bool endless = options_.count == 0;
    for (auto left = options_.count; endless || left > 0;) {
      const auto size = endless ? batch.size() : std::min<std::uint64_t>(left, batch.size());
      const auto sent = co_await (*opened)->send(std::span(batch).first(size));
      if (!sent && !context_.running()) co_return;
      if (!sent) throw std::runtime_error(sent.error().message());
      context_.metrics().published.add(size);
      left -= size;
    }
    context_.finish();
  }

 private:
  options options_;
  worker_context& context_;
};

/// Handles messages, one after the other, until it is stopped. `count`: it dies with that many of a batch in its hands.
class taker : public worker {
 public:
  static constexpr std::string_view class_name = "taker";
  using options = queue_options;
  taker(options given, worker_context& context) : options_(std::move(given)), context_(context) {}

  asio::awaitable<void> start() override {
    auto opened = co_await open_consumer(context_, options_.queue);
    if (!opened) throw std::runtime_error(opened.error().message());
    while (context_.running()) {
      const auto batch = co_await (*opened)->receive();
      if (!batch) co_return;
      for (auto left = batch->size(); left > 0; --left) {
        if (left == options_.count) ::raise(SIGKILL);
        context_.metrics().processed.add();
        (*opened)->done(1);
      }
    }
  }

 private:
  options options_;
  worker_context& context_;
};

/// Counts, with a millisecond between: a clock for those that must not be woken.
class clock_worker : public worker {
 public:
  static constexpr std::string_view class_name = "clock";
  using options = queue_options;
  clock_worker(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    asio::steady_timer timer(context_.executor());
    while (context_.running()) {
      context_.metrics().processed.add();
      timer.expires_after(1ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

 private:
  worker_context& context_;
};

/// Opens its queue, and takes nothing.
class sleeper : public worker {
 public:
  static constexpr std::string_view class_name = "sleeper";
  using options = queue_options;
  sleeper(options given, worker_context& context) : options_(std::move(given)), context_(context) {}

  asio::awaitable<void> start() override {
    auto opened = co_await open_consumer(context_, options_.queue);
    if (!opened) throw std::runtime_error(opened.error().message());
    opened_ = std::move(*opened);
  }

 private:
  options options_;
  worker_context& context_;
  std::unique_ptr<queue_consumer> opened_;
};

class local_queue : public testing::Test {
 protected:
  queue_status queue() const {
    const auto all = manager_.get_queues();
    return all.empty() ? queue_status{} : all.front();
  }
  void start(std::string_view class_name, const std::string& name, std::uint64_t count,
             start_options how = {.restart = {.mode = restart_mode::never}}) {
    const auto started = manager_.start_worker(class_name, name, {{"queue", "local:events"}, {"count", count}}, how);
    ASSERT_TRUE(started) << started.error().message();
  }
  bool all_sent() const { return manager_.get_status("sender").state == worker_state::completed; }

  process_manager manager_{support::host()};
};

}  // namespace

lineshaft::host& support::host() { return *the_host; }

TEST_F(local_queue, outlives_its_workers_and_accounts_for_what_they_lost) {
  start("sender", "sender", 1000);
  ASSERT_TRUE(eventually([&] { return all_sent(); }));
  EXPECT_EQ(queue().sent, 1000U);
  EXPECT_EQ(queue().depth, 1000U);  // nobody there yet, and the sender gone

  start("taker", "clumsy", 5);  // takes 64 packets: 9 batches of 50 in 7 packets each, and 8 messages; handles 453
  ASSERT_TRUE(eventually([&] { return !manager_.get_status("clumsy").alive; }));
  EXPECT_EQ(manager_.exit_records("clumsy").back().lost_messages, 5U);
  EXPECT_EQ(manager_.exit_records("clumsy").back().figures.processed, 453U);

  start("taker", "one", 0);
  start("taker", "two", 0);
  ASSERT_TRUE(eventually([&] { return queue().depth == 0 && queue().in_flight == 0; }));
  EXPECT_EQ(queue().name, "events");
  EXPECT_EQ(queue().done, 995U);
  EXPECT_EQ(queue().lost, 5U);
  EXPECT_EQ(manager_.get_status("one").processed + manager_.get_status("two").processed, 542U);
}

TEST_F(local_queue, balances_when_a_consumer_is_killed_under_load) {
  constexpr std::uint64_t count = 200'000;
  start("taker", "one", 0);
  start("taker", "two", 0);
  start("sender", "sender", count);
  ASSERT_TRUE(eventually([&] { return manager_.get_status("one").processed > 1000; }));
  ::kill(manager_.get_status("one").pid.value_or(0), SIGKILL);
  ASSERT_TRUE(eventually([&] { return !manager_.get_status("one").alive; }));
  start("taker", "three", 0);
  ASSERT_TRUE(eventually([&] { return all_sent() && queue().depth == 0 && queue().in_flight == 0; }));
  EXPECT_EQ(queue().sent, count);
  EXPECT_EQ(queue().done + queue().lost, count);
  EXPECT_EQ(queue().lost, manager_.exit_records("one").back().lost_messages);
}

TEST_F(local_queue, that_waits_without_progress_ends_its_consumer) {
  const auto started =
      manager_.start_worker("sleeper", "sleeper", {{"queue", "local:events"}},
                            {.restart = {.mode = restart_mode::never}, .watchdog = watchdog_options{.progress = 50ms}});
  ASSERT_TRUE(started) << started.error().message();
  start("sender", "sender", 10);
  ASSERT_TRUE(eventually([&] { return manager_.get_status("sleeper").state == worker_state::failed; }));
  EXPECT_EQ(manager_.get_status("sleeper").last_exit->reason,
            "ended by the watchdog: messages were waiting, and none was processed for 50 ms");
}

TEST_F(local_queue, loses_nothing_when_its_consumers_are_recycled_under_load) {
  start_options recycled;
  recycled.max_lifetime = 50ms;
  start("taker", "one", 0, recycled);
  start("taker", "two", 0, recycled);
  start("sender", "sender", 0);
  for (const auto* name : {"one", "two"})
    ASSERT_TRUE(eventually([&] { return manager_.get_status(name).restarts_by.recycle >= 5; })) << name;
  ASSERT_EQ(manager_.stop_process("sender", 60s).how, stop_outcome::clean);
  ASSERT_TRUE(eventually([&] { return queue().depth == 0 && queue().in_flight == 0; }));
  EXPECT_GT(queue().sent, 0U);
  EXPECT_EQ(queue().done, queue().sent);
  EXPECT_EQ(queue().lost, 0U);
  for (const auto* name : {"one", "two"}) {
    EXPECT_EQ(manager_.get_status(name).restarts_by.crash, 0U);
    for (const auto& record : manager_.exit_records(name)) EXPECT_EQ(record.reason, "stopped: too old");
  }
}

// Neither the process nor the manager's thread: a watchdog has no pulse while there is nothing to do.
TEST_F(local_queue, that_is_empty_wakes_nobody_although_a_watchdog_is_declared) {
  start("taker", "a", 0, {.watchdog = watchdog_options{.timeout = 20ms, .progress = 20ms}});
  start("clock", "clock", 0);
  const auto pid = *manager_.get_status("a").pid;
  const auto ticks = [&] { return manager_.get_status("clock").processed; };
  const auto wake_ups = [&] { return support::wake_ups(pid) + support::wake_ups(::getpid()); };
  // The watch of the loop looks once more after the last handler, and the manager after the last message.
  const auto rests = [&] {
    const auto before = wake_ups();
    const auto began = ticks();
    return eventually([&] { return ticks() > began + 200; }) && wake_ups() == before;
  };
  ASSERT_TRUE(eventually(rests));

  // And is none the less there when something comes.
  start("sender", "sender", 1000);
  ASSERT_TRUE(eventually([&] { return all_sent() && queue().depth == 0; }));
  manager_.stop_process("sender", 60s);
  ASSERT_TRUE(eventually(rests));
  EXPECT_EQ(manager_.get_status("a").generation, 1U);
}

TEST_F(local_queue, of_a_wrong_url_fails_its_worker_with_the_reason) {
  const std::pair<const char*, const char*> rows[] = {
      {"amqpp:events", "there is no queue 'amqpp:events'; schemes here: local"},
      {"local:", "cannot open queue 'local:': it has no name"},
      {"local:events?size=1", "there is no parameter 'size' in 'local:events?size=1'; local has none"},
      {"events", "cannot read URL 'events': expected scheme:rest"},
  };
  for (const auto& [url, reason] : rows) {
    manager_.forget("a");
    ASSERT_TRUE(manager_.start_worker("taker", "a", {{"queue", url}}, {.restart = {.mode = restart_mode::never}}));
    ASSERT_TRUE(eventually([&] { return !manager_.get_status("a").alive; }));
    EXPECT_THAT(manager_.exit_records("a").back().reason, testing::HasSubstr(reason));
  }
}

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<sender, taker, sleeper, clock_worker>);
  the_host = &host;
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
