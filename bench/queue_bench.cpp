// What a message through a local queue costs, from one process to another, beside the bare socket under it.
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>

#include "local/consumer.hpp"
#include "local/producer.hpp"
#include "report.hpp"

namespace {

namespace asio = boost::asio;
using lineshaft::unique_fd;

constexpr std::size_t messages = 500'000, batch = 64, body_size = 200;
constexpr int buffer_bytes = 4 * 1024 * 1024;  // as the manager gives its queues
const std::string body(body_size, 'x');

struct socket_ends {
  unique_fd sending, receiving;
  socket_ends() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) std::exit(1);
    ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUFFORCE, &buffer_bytes, sizeof buffer_bytes);
    sending.reset(ends[0]);
    receiving.reset(ends[1]);
  }
};

/// Nanoseconds for each message, from the first one sent to the last one taken.
template <class Send, class Take>
double through(Send send, Take take) {
  const socket_ends ends;
  const auto began = bench::clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    send(ends.sending);
    ::_exit(0);
  }
  take(ends.receiving);
  const double took = bench::microseconds_since(began);
  ::waitpid(pid, nullptr, 0);
  return 1000 * took / messages;
}

// The bare socket: a packet a message, as many in a system call as we send in one.
struct packets {
  std::array<std::array<char, body_size>, batch> memory;
  std::array<iovec, batch> parts;
  std::array<mmsghdr, batch> headers{};
  packets() {
    for (std::size_t i = 0; i < batch; ++i) {
      parts[i] = {memory[i].data(), memory[i].size()};
      headers[i].msg_hdr.msg_iov = &parts[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
  }
};

void send_bare(const unique_fd& socket) {
  packets all;
  for (std::size_t left = messages; left > 0;) {
    const int sent = ::sendmmsg(socket.get(), all.headers.data(), std::min(left, batch), 0);
    if (sent <= 0) ::_exit(1);
    left -= static_cast<std::size_t>(sent);
  }
}

void take_bare(const unique_fd& socket) {
  packets all;
  for (std::size_t left = messages; left > 0;) {
    const int taken = ::recvmmsg(socket.get(), all.headers.data(), batch, MSG_WAITFORONE, nullptr);
    if (taken <= 0) std::exit(1);
    left -= std::min(left, static_cast<std::size_t>(taken));
  }
}

unique_fd account_of(lineshaft::queue_role role) {
  unique_fd fd(::memfd_create("account", MFD_CLOEXEC));
  if (::ftruncate(fd.get(), static_cast<off_t>(lineshaft::queue_account_size(role))) != 0) std::exit(1);
  return fd;
}

template <class End>
auto open(asio::io_context& loop, const unique_fd& socket, lineshaft::queue_role role) {
  return End::open(loop.get_executor(), "bench", {unique_fd(::dup(socket.get())), account_of(role)}).value();
}

asio::awaitable<void> send_all(lineshaft::queue_producer& producer) {
  const std::vector<lineshaft::message> all(batch, lineshaft::message{.body = body});
  for (std::size_t left = messages; left > 0;) {
    const auto count = std::min(left, batch);
    if (!co_await producer.send(std::span(all).first(count))) ::_exit(1);
    left -= count;
  }
}

asio::awaitable<void> take_all(lineshaft::queue_consumer& consumer) {
  for (std::size_t left = messages; left > 0;) {
    const auto taken = co_await consumer.receive();
    if (!taken) std::exit(1);
    left -= std::min(left, taken->size());
    consumer.done();
  }
}

void run(asio::io_context& loop, asio::awaitable<void> work) {
  asio::co_spawn(loop, std::move(work), [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  loop.run();
}

void send_ours(const unique_fd& socket) {
  asio::io_context loop(1);
  run(loop, send_all(*open<lineshaft::local::producer>(loop, socket, lineshaft::queue_role::producer)));
}

void take_ours(const unique_fd& socket) {
  asio::io_context loop(1);
  run(loop, take_all(*open<lineshaft::local::consumer>(loop, socket, lineshaft::queue_role::consumer)));
}

}  // namespace

int main() {
  bench::series ours, bare;
  // In turns, so that whatever else the machine does falls on both.
  for (int round = 0; round < 7; ++round) {
    bare.values.push_back(through(send_bare, take_bare));
    ours.values.push_back(through(send_ours, take_ours));
  }
  bench::report("a message of 200 bytes through a local queue, by 64", "ns", ours,
                "sendmmsg() and recvmmsg(), a packet each", bare);
}
