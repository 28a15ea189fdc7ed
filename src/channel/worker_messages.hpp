#pragma once
// What a worker process and its manager say to each other over the channel, one packet each.
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "lineshaft/worker.hpp"

namespace lineshaft::channel {

// Worker to manager --------------------------------------------------------------------------------------

/// The first words of a worker's process, for the case that the fork server dies before it can report it.
struct hello {
  pid_t pid = 0;
};
struct ready {};
/// It was ready, and is not any more.
struct unready {};
/// It leaves by its own decision, or because a signal asked it to: stop() is about to run.
struct leaving {};
/// The same because something threw: the text of the exception.
struct failed {
  std::string text;
};
/// The same because its work is done.
struct finished {};
/// Asks for one end of a held queue; answered by `opened` with the same number.
struct open_queue {
  std::uint32_t number = 0;
  queue_role role = queue_role::producer;
  std::string name;
};
/// Asks for a listening socket; answered in the same way.
struct open_socket {
  std::uint32_t number = 0;
  std::string endpoint;
};
/// What the watchdog of an event loop sees.
enum class loop_verdict : std::uint8_t {
  idle,     ///< it waits for something to happen
  working,  ///< inside a handler, for a short time
  slow,     ///< inside one handler for half of the time that it may take
  starved,  ///< inside a handler, but most of the time others had the processor
  stopped,  ///< inside a handler, but most of the time nothing of this process ran: SIGSTOP, a debugger
  stuck,    ///< inside one handler for too long
};
std::string_view to_string(loop_verdict verdict);

/// Sent from a signal handler, so at full length whatever it says.
struct watchdog_word {
  loop_verdict verdict = loop_verdict::idle;
  std::string stack;  ///< of a loop that is stuck: a line a frame; zeros behind it are no part of it
};
using worker_message =
    std::variant<hello, ready, unready, leaving, failed, finished, open_queue, open_socket, watchdog_word>;

// Manager to worker --------------------------------------------------------------------------------------

/// Leave until `deadline` (CLOCK_MONOTONIC, which both sides share).
struct shutdown {
  std::chrono::steady_clock::time_point deadline;
};
/// The answer: two descriptors of a queue or one of a socket along with it, or why there are none.
struct opened {
  std::uint32_t number = 0;
  std::string problem;
};
using manager_message = std::variant<shutdown, opened>;

std::vector<std::byte> encode(const worker_message& message);
std::vector<std::byte> encode(const manager_message& message);
/// Nothing for bytes that are no such message: the peer may be broken or hostile.
std::optional<worker_message> decode_worker_message(std::span<const std::byte> bytes);
std::optional<manager_message> decode_manager_message(std::span<const std::byte> bytes);

}  // namespace lineshaft::channel
