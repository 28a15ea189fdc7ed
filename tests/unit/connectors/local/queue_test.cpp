// Both ends over a socket pair and memory of the test's own: no manager, no other process.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include "local/consumer.hpp"
#include "local/producer.hpp"
#include "support/run.hpp"

using namespace lineshaft;
namespace asio = boost::asio;

namespace {

class local_queue : public testing::Test {
 protected:
  local_queue() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
    sending_.reset(fds[0]);
    receiving_.reset(fds[1]);
  }

  static unique_fd make_account(queue_role role) {
    unique_fd fd(::memfd_create("account", MFD_CLOEXEC));
    EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(queue_account_size(role))), 0);
    return fd;
  }
  static const std::byte* look(const unique_fd& account, queue_role role) {
    return static_cast<const std::byte*>(
        ::mmap(nullptr, queue_account_size(role), PROT_READ, MAP_SHARED, account.get(), 0));
  }
  struct end {
    held_queue held;
    const std::byte* account;
  };
  end hold(const unique_fd& socket, queue_role role) {
    auto account = make_account(role);
    const auto* seen = look(account, role);
    return {{unique_fd(::dup(socket.get())), std::move(account)}, seen};
  }

  std::unique_ptr<local::producer> make_producer() {
    auto [held, account] = hold(sending_, queue_role::producer);
    producer_account_ = account;
    return local::producer::open(io_.get_executor(), "trades", std::move(held)).value();
  }
  std::unique_ptr<local::consumer> make_consumer() {
    auto [held, account] = hold(receiving_, queue_role::consumer);
    consumer_accounts_.push_back(account);
    return local::consumer::open(io_.get_executor(), "trades", std::move(held)).value();
  }
  queue_counts of_consumer(std::size_t index = 0) const { return read_consumer_account(consumer_accounts_[index]); }
  queue_counts of_producer() const { return read_producer_account(producer_account_); }

  asio::io_context io_{1};
  unique_fd sending_, receiving_;
  const std::byte* producer_account_ = nullptr;
  std::vector<const std::byte*> consumer_accounts_;
};

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < count; ++i) bodies.push_back("message " + std::to_string(i));
  return bodies;
}

std::vector<message> messages_of(const std::vector<std::string>& bodies) {
  std::vector<message> messages;
  for (const auto& body : bodies) messages.push_back({.body = body});
  return messages;
}

asio::awaitable<result<>> send_all(queue_producer& producer, const std::vector<message>& messages) {
  co_return co_await producer.send(messages);
}

// Takes messages until `total` has reached `limit`, in any number of consumers at once.
asio::awaitable<result<>> take_until(queue_consumer& consumer, std::size_t& total, std::size_t limit,
                                     std::vector<std::string>& into) {
  while (total < limit) {
    const auto batch = co_await consumer.receive();
    if (!batch) co_return std::unexpected(batch.error());
    for (const auto& each : *batch) into.emplace_back(each.body);
    total += batch->size();
    consumer.done();
  }
  co_return result<>();
}

}  // namespace

TEST_F(local_queue, carries_messages_in_order_and_in_batches) {
  const auto producer = make_producer();
  const auto consumer = make_consumer();
  const auto bodies = numbered(600);
  const auto messages = messages_of(bodies);
  ASSERT_TRUE(support::run(io_, send_all(*producer, messages)));
  EXPECT_EQ(producer->sent(), 600U);
  EXPECT_EQ(of_producer(), queue_counts{.sent = 600});

  const auto first = support::run(io_, consumer->receive());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->size(), 512U);
  EXPECT_EQ(first->messages[511].body, "message 511");
  EXPECT_EQ(of_consumer(), (queue_counts{.done = 0, .in_flight = 512}));
  consumer->done(10);
  EXPECT_EQ(of_consumer(), (queue_counts{.done = 10, .in_flight = 502}));
  // Asking for more says that the rest is done.
  const auto second = support::run(io_, consumer->receive());
  EXPECT_EQ(second->size(), 88U);
  EXPECT_EQ(second->messages[87].body, "message 599");
  EXPECT_EQ(of_consumer(), (queue_counts{.done = 512, .in_flight = 88}));
  consumer->done();
  consumer->done(5);  // nothing is left to be done
  EXPECT_EQ(of_consumer(), (queue_counts{.done = 600}));
}

TEST_F(local_queue, carries_short_and_long_messages_together_in_their_order) {
  const auto producer = make_producer();
  const auto consumer = make_consumer();
  std::vector<std::string> bodies;
  for (const std::size_t size : {0, 1, 4000, 4048, 4049, 5, 100'000, 6, 7, 2000, 2000, 2000, 20'000, 20'000}) {
    bodies.emplace_back(size, static_cast<char>('a' + bodies.size()));
  }
  const auto messages = messages_of(bodies);
  ASSERT_TRUE(support::run(io_, send_all(*producer, messages)));
  EXPECT_EQ(producer->sent(), bodies.size());
  const auto received = support::run(io_, consumer->receive());
  ASSERT_EQ(received->size(), bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) EXPECT_EQ(received->messages[i].body, bodies[i]) << i;
  EXPECT_EQ(of_producer().sent, bodies.size());
  EXPECT_EQ(of_consumer(), (queue_counts{.done = 0, .in_flight = bodies.size()}));
}

TEST_F(local_queue, refuses_a_batch_with_a_message_that_is_too_long_and_sends_none_of_it) {
  const auto producer = make_producer();
  const std::string fits(producer->largest_message(), 'x'), too_long(producer->largest_message() + 1, 'x');
  const std::vector<message> batch = {{.body = "small"}, {.body = too_long}};
  const auto sent = support::run(io_, send_all(*producer, batch));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, std::errc::message_size);
  EXPECT_EQ(sent.error().doing, "cannot send a message of " + std::to_string(too_long.size()) +
                                    " bytes, trace context included, to queue 'trades': the limit is " +
                                    std::to_string(producer->largest_message()));
  EXPECT_EQ(of_producer().sent, 0U);
  const std::vector<message> largest = {{.body = fits}};
  ASSERT_TRUE(support::run(io_, send_all(*producer, largest)));
  const auto consumer = make_consumer();
  EXPECT_EQ(support::run(io_, consumer->receive())->messages[0].body, fits);
}

TEST_F(local_queue, waits_while_it_is_full_and_loses_nothing) {
  const auto producer = make_producer();
  const auto consumer = make_consumer();
  const auto bodies = numbered(5000);
  const auto messages = messages_of(bodies);
  std::optional<result<>> sent, taken;
  std::size_t total = 0;
  std::vector<std::string> received;
  asio::co_spawn(io_, send_all(*producer, messages), [&](std::exception_ptr, result<> value) { sent = value; });
  while (io_.poll() > 0) {
  }
  EXPECT_FALSE(sent);  // full: it waits
  EXPECT_GT(of_producer().sent, 0U);
  EXPECT_LT(of_producer().sent, 5000U);
  asio::co_spawn(io_, take_until(*consumer, total, 5000, received),
                 [&](std::exception_ptr, result<> value) { taken = value; });
  io_.restart();
  io_.run();
  ASSERT_TRUE(sent && *sent);
  ASSERT_TRUE(taken && *taken);
  EXPECT_EQ(received, bodies);
  EXPECT_EQ(of_producer(), queue_counts{.sent = 5000});
  EXPECT_EQ(of_consumer(), queue_counts{.done = 5000});
}

TEST_F(local_queue, gives_each_message_to_one_of_its_consumers) {
  const auto producer = make_producer();
  const auto one = make_consumer();
  const auto two = make_consumer();
  const auto bodies = numbered(2000);
  const auto messages = messages_of(bodies);
  std::size_t total = 0;
  std::vector<std::string> received_one, received_two;
  asio::cancellation_signal stop_one, stop_two;
  const auto stop = [&](std::exception_ptr, const result<>&) {
    stop_one.emit(asio::cancellation_type::terminal);
    stop_two.emit(asio::cancellation_type::terminal);
  };
  const auto spawn = [&](auto& consumer, auto& received, auto& signal) {
    asio::co_spawn(io_, take_until(*consumer, total, 2000, received),
                   asio::bind_cancellation_slot(signal.slot(), stop));
  };
  spawn(one, received_one, stop_one);
  spawn(two, received_two, stop_two);
  ASSERT_TRUE(support::run(io_, send_all(*producer, messages)));
  EXPECT_GT(received_one.size(), 0U);
  EXPECT_GT(received_two.size(), 0U);
  auto all = received_one;
  all.insert(all.end(), received_two.begin(), received_two.end());
  auto expected = bodies;
  std::ranges::sort(all);
  std::ranges::sort(expected);
  EXPECT_EQ(all, expected);
  EXPECT_EQ(of_consumer(0).done + of_consumer(1).done, 2000U);
  EXPECT_EQ(of_consumer(0).in_flight + of_consumer(1).in_flight, 0U);
}

TEST_F(local_queue, gives_what_its_consumer_lost_as_in_flight) {
  const auto producer = make_producer();
  auto consumer = make_consumer();
  const auto bodies = numbered(518);
  ASSERT_TRUE(support::run(io_, send_all(*producer, messages_of(bodies))));
  ASSERT_TRUE(support::run(io_, consumer->receive()));
  consumer->done(3);
  consumer.reset();
  EXPECT_EQ(of_consumer(0), (queue_counts{.done = 3, .in_flight = 509}));
  // The next one goes on with what is still in the queue.
  const auto next = make_consumer();
  const auto rest = support::run(io_, next->receive());
  EXPECT_EQ(rest->size(), 6U);
  EXPECT_EQ(rest->messages[0].body, "message 512");
}

TEST_F(local_queue, carries_the_senders_trace_context) {
  const auto producer = make_producer();
  const auto consumer = make_consumer();
  const trace_context current{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=1", "user=7"};
  const message own{.body = "own", .traceparent = "00-11111111111111111111111111111111-2222222222222222-00"};
  const std::vector<message> batch = {{.body = "current"}, own};
  {
    // The coroutine runs inside run(), on this thread and under this scope.
    const context_scope scope(current);
    ASSERT_TRUE(support::run(io_, send_all(*producer, batch)));
  }
  ASSERT_TRUE(support::run(io_, send_all(*producer, batch)));
  const auto received = support::run(io_, consumer->receive());
  ASSERT_EQ(received->size(), 4U);
  EXPECT_EQ(received->messages[0].context(), current);
  EXPECT_EQ(received->messages[1].context(), own.context());
  EXPECT_TRUE(received->messages[2].context().empty());
  EXPECT_EQ(received->messages[3].context(), own.context());
}

TEST_F(local_queue, drops_packets_that_are_no_messages_and_says_how_many) {
  const auto producer = make_producer();
  const auto consumer = make_consumer();
  const std::string junk(300, 'j'), zeros(300, '\0'), giant(queue_packet_limit + 1, 'g');
  ASSERT_TRUE(support::run(io_, send_all(*producer, messages_of({"first"}))));
  const int roomy = 1 << 20;
  ::setsockopt(sending_.get(), SOL_SOCKET, SO_SNDBUF, &roomy, sizeof roomy);
  for (const std::string& packet : {junk, zeros, giant, std::string("x")}) {
    ASSERT_EQ(::send(sending_.get(), packet.data(), packet.size(), 0), static_cast<ssize_t>(packet.size()));
  }
  ASSERT_TRUE(support::run(io_, send_all(*producer, messages_of({"last"}))));
  const auto received = support::run(io_, consumer->receive());
  ASSERT_EQ(received->size(), 2U);
  EXPECT_EQ(received->malformed, 4U);
  EXPECT_EQ(received->messages[1].body, "last");
  EXPECT_EQ(of_consumer().in_flight, 2U);
  consumer->done();
  EXPECT_EQ(of_consumer().in_flight, 0U);
}

TEST_F(local_queue, without_anyone_at_the_other_end_is_an_error) {
  {
    const auto producer = make_producer();
    receiving_.reset();
    const auto sent = support::run(io_, send_all(*producer, messages_of({"x"})));
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().message(), "cannot send to queue 'trades': Broken pipe");
    EXPECT_EQ(of_producer().sent, 0U);
  }
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
  sending_.reset(fds[0]);
  receiving_.reset(fds[1]);
  const auto consumer = make_consumer();
  ASSERT_TRUE(support::run(io_, send_all(*make_producer(), messages_of({"left behind"}))));
  sending_.reset();
  EXPECT_EQ(support::run(io_, consumer->receive())->messages[0].body, "left behind");
  EXPECT_EQ(support::run(io_, consumer->receive()).error().message(), "cannot receive from queue 'trades': it is gone");
}

TEST_F(local_queue, gives_up_waiting_when_it_is_cancelled) {
  const auto producer = make_producer();
  const auto consumer = make_consumer();
  asio::cancellation_signal cancel;
  std::optional<result<message_batch>> received;
  asio::co_spawn(io_, consumer->receive(),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&](std::exception_ptr, result<message_batch> value) { received = value; }));
  while (io_.poll() > 0) {
  }
  EXPECT_FALSE(received);
  cancel.emit(asio::cancellation_type::terminal);
  io_.restart();
  io_.run();
  ASSERT_TRUE(received && !*received);
  EXPECT_EQ(received->error().code, std::errc::operation_canceled);

  const auto bodies = numbered(5000);
  const auto messages = messages_of(bodies);
  std::optional<result<>> sent;
  asio::co_spawn(
      io_, send_all(*producer, messages),
      asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, result<> value) { sent = value; }));
  io_.restart();
  while (io_.poll() > 0) {
  }
  EXPECT_FALSE(sent);
  cancel.emit(asio::cancellation_type::terminal);
  io_.restart();
  io_.run();
  ASSERT_TRUE(sent && !*sent);
  EXPECT_EQ(sent->error().code, std::errc::operation_canceled);
  EXPECT_EQ(producer->sent(), of_producer().sent);

  // Nothing of what was sent is lost.
  std::size_t total = 0;
  std::vector<std::string> all;
  ASSERT_TRUE(support::run(io_, take_until(*consumer, total, producer->sent(), all)));
  EXPECT_EQ(all.size(), producer->sent());
}

TEST_F(local_queue, abandoned_while_it_waits_is_released) {
  {
    asio::io_context io(1);
    auto [held, account] = hold(receiving_, queue_role::consumer);
    const auto consumer = local::consumer::open(io.get_executor(), "trades", std::move(held)).value();
    asio::co_spawn(io, consumer->receive(), [](std::exception_ptr, const result<message_batch>&) { FAIL(); });
    io.poll();
  }
  SUCCEED();
}

TEST_F(local_queue, is_not_opened_over_an_account_that_is_too_small) {
  auto [held, account] = hold(receiving_, queue_role::consumer);
  ASSERT_EQ(::ftruncate(held.account.get(), 8), 0);
  EXPECT_EQ(local::consumer::open(io_.get_executor(), "trades", std::move(held)).error().message(),
            "cannot use the account of a queue: it is too small");
}
