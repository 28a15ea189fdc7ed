// Producers and consumers in processes of their own, killed by SIGKILL wherever they happen to be:
// the accounts that they leave behind agree with what is in the queue, to the message.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <random>

#include "local/consumer.hpp"
#include "local/producer.hpp"
#include "support/run.hpp"

using namespace lineshaft;
namespace asio = boost::asio;

namespace {

struct account {
  unique_fd fd;
  const std::byte* memory;

  explicit account(queue_role role) : fd(::memfd_create("account", MFD_CLOEXEC)) {
    const auto size = queue_account_size(role);
    EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(size)), 0);
    memory = static_cast<const std::byte*>(::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0));
  }
  held_queue hold(const unique_fd& socket) const {
    return {unique_fd(::dup(socket.get())), unique_fd(::dup(fd.get()))};
  }
};

struct sockets {
  unique_fd sending, receiving;
  sockets() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
    sending.reset(fds[0]);
    receiving.reset(fds[1]);
  }
};

asio::awaitable<result<>> send_for_ever(queue_producer& producer, unsigned seed) {
  std::minstd_rand random(seed);
  const std::vector<message> messages(200, message{.body = "a message"});
  for (;;) {
    const auto sent = co_await producer.send(std::span(messages).first(1 + random() % messages.size()));
    if (!sent) co_return sent;
  }
}

asio::awaitable<result<>> receive_for_ever(queue_consumer& consumer, unsigned seed) {
  std::minstd_rand random(seed);
  for (;;) {
    const auto batch = co_await consumer.receive();
    if (!batch) co_return std::unexpected(batch.error());
    for (auto left = batch->size(); left > 0;) {
      const auto step = 1 + random() % left;
      consumer.done(step);
      left -= step;
    }
  }
}

pid_t in_child(const std::function<void()>& work) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  work();
  ::_exit(1);
}

pid_t start_producer(const sockets& queue, const account& of, unsigned seed) {
  return in_child([&] {
    asio::io_context io(1);
    const auto producer = local::producer::open(io.get_executor(), "q", of.hold(queue.sending)).value();
    support::run(io, send_for_ever(*producer, seed)).value();
  });
}

pid_t start_consumer(const sockets& queue, const account& of, unsigned seed) {
  return in_child([&] {
    asio::io_context io(1);
    const auto consumer = local::consumer::open(io.get_executor(), "q", of.hold(queue.receiving)).value();
    support::run(io, receive_for_ever(*consumer, seed)).value();
  });
}

void kill_and_wait(pid_t pid) {
  ::kill(pid, SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFSIGNALED(status)) << "it left by itself, with " << WEXITSTATUS(status);
}

std::uint64_t drain(const sockets& queue) {
  std::uint64_t depth = 0;
  queue_packet_header header;
  while (::recv(queue.receiving.get(), &header, sizeof header, MSG_DONTWAIT) > 0) depth += header.messages;
  return depth;
}

}  // namespace

TEST(local_queue, balances_to_the_message_after_producers_and_consumers_were_killed_anywhere) {
  std::mt19937 random(17);
  std::uint64_t lost_in_all = 0;
  for (unsigned round = 0; round < 60; ++round) {
    const sockets queue;
    const account sending(queue_role::producer), sending_too(queue_role::producer);
    const account receiving(queue_role::consumer), receiving_too(queue_role::consumer);
    const auto done = [&] { return read_consumer_account(receiving.memory).done; };
    std::vector<pid_t> pids = {start_producer(queue, sending, round), start_producer(queue, sending_too, round + 1),
                               start_consumer(queue, receiving, round),
                               start_consumer(queue, receiving_too, round + 1)};
    // Not a time, but an amount of work; where in its code a process is then, nobody knows.
    const auto enough = 1 + random() % 3000;
    while (done() < enough) {
    }
    std::ranges::shuffle(pids, random);
    for (const auto pid : pids) kill_and_wait(pid);

    const auto sent = read_producer_account(sending.memory).sent + read_producer_account(sending_too.memory).sent;
    const auto one = read_consumer_account(receiving.memory), two = read_consumer_account(receiving_too.memory);
    const auto depth = drain(queue);
    ASSERT_EQ(sent, one.done + two.done + one.in_flight + two.in_flight + depth)
        << "done " << one.done << " + " << two.done << ", lost " << one.in_flight << " + " << two.in_flight
        << ", depth " << depth;
    lost_in_all += one.in_flight + two.in_flight;
  }
  EXPECT_GT(lost_in_all, 0U);  // else no consumer was ever caught with something in its hands
}
