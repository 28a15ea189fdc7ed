#include "channel/launch_messages.hpp"

#include "channel/settings_wire.hpp"
#include "channel/wire.hpp"

namespace lineshaft::channel {
namespace {

void write(wire_writer& to, const worker_image& image) {
  to.put(std::string_view(image.class_name));
  to.put(std::string_view(image.name));
  to.put(image.generation);
  to.put(std::string_view(image.options));
  to.put(image.kind);
  to.put(image.ready);
  to.put(image.stop_timeout.count());
  to.put(image.watchdog.count());
  to.put(image.manager);
  to.put(image.environment);
}

void read(wire_reader& from, worker_image& image) {
  image.class_name = from.get_text();
  image.name = from.get_text();
  image.generation = from.get<std::uint32_t>();
  image.options = from.get_text();
  image.kind = from.get<worker_kind>();
  image.ready = from.get<ready_when>();
  image.stop_timeout = std::chrono::milliseconds(from.get<std::chrono::milliseconds::rep>());
  image.watchdog = std::chrono::milliseconds(from.get<std::chrono::milliseconds::rep>());
  image.manager = from.get<pid_t>();
  image.environment = from.get_texts();
}

void write(wire_writer& to, const launch_request& request) {
  to.put(request.number);
  to.put(request.kind);
  write(to, request.image);
  to.put(request.argv);
  write(to, request.settings);
  to.put(request.output);
  to.put(request.cgroup.has_value());
  to.put(request.told);
}

void read(wire_reader& from, launch_request& request) {
  request.number = from.get<std::uint64_t>();
  request.kind = from.get<launch_kind>();
  read(from, request.image);
  request.argv = from.get_texts();
  read(from, request.settings);
  request.output = from.get<output_kind>();
  if (from.get<std::uint8_t>() != 0) request.cgroup.emplace();
  request.told = from.get<pid_t>();
}

void write(wire_writer& to, const launch_reply& reply) {
  to.put(reply.number);
  to.put(reply.pid);
  to.put(reply.code);
  to.put(std::string_view(reply.problem));
}

void read(wire_reader& from, launch_reply& reply) {
  reply.number = from.get<std::uint64_t>();
  reply.pid = from.get<pid_t>();
  reply.code = from.get<int>();
  reply.problem = from.get_text();
}

template <class T>
std::vector<std::byte> encode_one(const T& value) {
  wire_writer to;
  write(to, value);
  return to.take();
}

template <class T>
std::optional<T> decode_one(std::span<const std::byte> bytes) {
  wire_reader from(bytes);
  T value;
  read(from, value);
  if (!from.complete()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::byte> encode(const worker_image& image) { return encode_one(image); }
std::vector<std::byte> encode(const launch_request& request) { return encode_one(request); }
std::vector<std::byte> encode(const launch_reply& reply) { return encode_one(reply); }

std::optional<worker_image> decode_worker_image(std::span<const std::byte> bytes) {
  return decode_one<worker_image>(bytes);
}

std::optional<launch_request> decode_launch_request(std::span<const std::byte> bytes) {
  return decode_one<launch_request>(bytes);
}

std::optional<launch_reply> decode_launch_reply(std::span<const std::byte> bytes) {
  return decode_one<launch_reply>(bytes);
}

}  // namespace lineshaft::channel
