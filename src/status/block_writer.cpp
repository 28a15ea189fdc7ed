#include "status/block_writer.hpp"

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>

#include "base/expects.hpp"

namespace lineshaft::status {
namespace {

block_layout& layout_of(std::span<std::byte> memory) {
  expects(memory.size() >= sizeof(block_layout), "a status block needs its whole memory");
  return *reinterpret_cast<block_layout*>(memory.data());
}

[[noreturn]] void refuse(std::string_view name, const char* why) {
  throw std::invalid_argument("cannot declare metric '" + std::string(name) + "': " + why);
}

}  // namespace

block_writer::block_writer(std::span<std::byte> memory) : block_(layout_of(memory)) {
  mark(loop_state::idle);
  block_.magic.store(block_magic, std::memory_order_release);
}

void block_writer::mark(loop_state state) noexcept {
  block_.beat.last_ns.store(std::chrono::steady_clock::now().time_since_epoch().count(), std::memory_order_relaxed);
  block_.beat.loop.store(static_cast<std::uint32_t>(state), std::memory_order_relaxed);
}

beat_reading block_writer::last_beat() const noexcept {
  return {std::chrono::steady_clock::time_point(
              std::chrono::nanoseconds(block_.beat.last_ns.load(std::memory_order_relaxed))),
          static_cast<loop_state>(block_.beat.loop.load(std::memory_order_relaxed))};
}

counter block_writer::counter_at(fixed which) noexcept {
  counter handle;
  handle.cell_ = &block_.fixed[static_cast<std::size_t>(which)];
  return handle;
}

flag block_writer::flag_at(fixed which) noexcept {
  flag handle;
  handle.cell_ = &block_.fixed[static_cast<std::size_t>(which)];
  return handle;
}

counter& block_writer::declare_counter(std::string_view name, std::string_view help) {
  const auto index = declare(metric_kind::counter, name, help);
  counters_[index].cell_ = &block_.declared[index];
  return counters_[index];
}

gauge& block_writer::declare_gauge(std::string_view name, std::string_view help) {
  const auto index = declare(metric_kind::gauge, name, help);
  gauges_[index].cell_ = &block_.declared[index];
  return gauges_[index];
}

flag& block_writer::declare_flag(std::string_view name, std::string_view help) {
  const auto index = declare(metric_kind::flag, name, help);
  flags_[index].cell_ = &block_.declared[index];
  return flags_[index];
}

std::size_t block_writer::declare(metric_kind kind, std::string_view name, std::string_view help) {
  if (name.empty()) refuse(name, "it needs a name");
  if (name.size() > longest_name) refuse(name, "a name has at most 47 bytes");
  if (name.contains('\0')) refuse(name, "a name has no zero byte");
  for (std::size_t index = 0; index < declared_; ++index) {
    const auto& known = block_.descriptions[index];
    if (name != known.name) continue;
    if (known.kind.load(std::memory_order_relaxed) != kind) refuse(name, "it is declared with another kind");
    return index;
  }
  if (declared_ == most_declared) refuse(name, "a worker has at most 64 declared metrics");
  auto& made = block_.descriptions[declared_];
  name.copy(made.name, longest_name);
  help.copy(made.help, sizeof made.help - 1);
  made.kind.store(kind, std::memory_order_release);
  return declared_++;
}

}  // namespace lineshaft::status
