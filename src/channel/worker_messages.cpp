#include "channel/worker_messages.hpp"

#include <utility>

#include "channel/wire.hpp"

namespace lineshaft::channel {
namespace {

// One `write` and one `read` for each message, side by side, so that they cannot drift apart.
void write(wire_writer& to, const hello& message) { to.put(message.pid); }
void read(wire_reader& from, hello& message) { message.pid = from.get<pid_t>(); }
void write(wire_writer&, const ready&) {}
void read(wire_reader&, ready&) {}
void write(wire_writer&, const unready&) {}
void read(wire_reader&, unready&) {}
void write(wire_writer&, const leaving&) {}
void read(wire_reader&, leaving&) {}
void write(wire_writer& to, const failed& message) { to.put(std::string_view(message.text)); }
void read(wire_reader& from, failed& message) { message.text = from.get_text(); }
void write(wire_writer&, const finished&) {}
void read(wire_reader&, finished&) {}

void write(wire_writer& to, const open_queue& message) {
  to.put(message.number);
  to.put(message.role);
  to.put(std::string_view(message.name));
}
void read(wire_reader& from, open_queue& message) {
  message.number = from.get<std::uint32_t>();
  message.role = from.get<queue_role>();
  message.name = from.get_text();
}

void write(wire_writer& to, const open_socket& message) {
  to.put(message.number);
  to.put(std::string_view(message.endpoint));
}
void read(wire_reader& from, open_socket& message) {
  message.number = from.get<std::uint32_t>();
  message.endpoint = from.get_text();
}

void write(wire_writer& to, const watchdog_word& message) {
  to.put(message.verdict);
  to.put(std::string_view(message.stack));
}
void read(wire_reader& from, watchdog_word& message) {
  message.verdict = from.get<loop_verdict>();
  message.stack = from.get_text();
  message.stack.resize(message.stack.find_last_not_of('\0') + 1);
}

void write(wire_writer& to, const shutdown& message) { to.put(message.deadline.time_since_epoch().count()); }
void read(wire_reader& from, shutdown& message) {
  using clock = std::chrono::steady_clock;
  message.deadline = clock::time_point(clock::duration(from.get<clock::rep>()));
}

void write(wire_writer& to, const opened& message) {
  to.put(message.number);
  to.put(std::string_view(message.problem));
}
void read(wire_reader& from, opened& message) {
  message.number = from.get<std::uint32_t>();
  message.problem = from.get_text();
}

template <class Variant>
std::vector<std::byte> encode_any(const Variant& message) {
  wire_writer to;
  to.put(static_cast<std::uint8_t>(message.index()));
  std::visit([&](const auto& one) { write(to, one); }, message);
  return to.take();
}

template <class Variant, std::size_t... Index>
Variant make(std::size_t index, std::index_sequence<Index...>) {
  Variant made;
  ((index == Index ? void(made.template emplace<Index>()) : void()), ...);
  return made;
}

template <class Variant>
std::optional<Variant> decode_any(std::span<const std::byte> bytes) {
  constexpr auto kinds = std::variant_size_v<Variant>;
  wire_reader from(bytes);
  const auto index = from.get<std::uint8_t>();
  if (index >= kinds) return std::nullopt;
  auto message = make<Variant>(index, std::make_index_sequence<kinds>());
  std::visit([&](auto& one) { read(from, one); }, message);
  if (!from.complete()) return std::nullopt;
  return message;
}

}  // namespace

std::string_view to_string(loop_verdict verdict) {
  switch (verdict) {
    case loop_verdict::idle: return "idle";
    case loop_verdict::working: return "working";
    case loop_verdict::slow: return "slow";
    case loop_verdict::starved: return "starved";
    case loop_verdict::stopped: return "stopped";
    case loop_verdict::stuck: return "stuck";
  }
  return "unknown";
}

std::vector<std::byte> encode(const worker_message& message) { return encode_any(message); }
std::vector<std::byte> encode(const manager_message& message) { return encode_any(message); }

std::optional<worker_message> decode_worker_message(std::span<const std::byte> bytes) {
  return decode_any<worker_message>(bytes);
}

std::optional<manager_message> decode_manager_message(std::span<const std::byte> bytes) {
  return decode_any<manager_message>(bytes);
}

}  // namespace lineshaft::channel
