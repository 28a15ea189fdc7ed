#include "status/block_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string>

#include "status/layout.hpp"

namespace lineshaft::status {
namespace {

const block_layout* layout_of(std::span<const std::byte> memory) {
  if (memory.size() < sizeof(block_layout)) return nullptr;
  const auto* block = reinterpret_cast<const block_layout*>(memory.data());
  return block->magic.load(std::memory_order_acquire) == block_magic ? block : nullptr;
}

// A copy first: a hostile writer could change the length under our eyes.
template <std::size_t Size>
std::string text_of(const char (&from)[Size]) {
  char copy[Size];
  std::memcpy(copy, from, Size);
  copy[Size - 1] = '\0';
  std::string text(copy);
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c > 0x7e; }, '?');
  return text;
}

std::optional<metric_value> value_of(metric_kind kind, std::uint64_t cell) {
  switch (kind) {
    case metric_kind::counter: return cell;
    case metric_kind::gauge: return std::bit_cast<double>(cell);
    case metric_kind::flag: return cell != 0;
    default: return std::nullopt;
  }
}

void read_declared(const block_layout& block, std::map<std::string, metric_value>& into) {
  for (std::size_t index = 0; index < most_declared; ++index) {
    const auto& description = block.descriptions[index];
    const auto kind = description.kind.load(std::memory_order_acquire);
    const auto value = value_of(kind, block.declared[index].load(std::memory_order_relaxed));
    if (!value) return;  // they are declared in order: this is the end
    if (auto name = text_of(description.name); !name.empty()) into.insert_or_assign(std::move(name), *value);
  }
}

}  // namespace

worker_figures read_figures(std::span<const std::byte> memory) {
  worker_figures figures;
  const auto* block = layout_of(memory);
  if (block == nullptr) return figures;
  const auto cell = [block](fixed which) {
    return block->fixed[static_cast<std::size_t>(which)].load(std::memory_order_relaxed);
  };
  figures.processed = cell(fixed::processed);
  figures.errors = cell(fixed::errors);
  figures.decoding_errors = cell(fixed::decoding_errors);
  figures.published = cell(fixed::published);
  figures.processing_errors = cell(fixed::processing_errors);
  figures.restarts = cell(fixed::restarts);
  figures.mdq_connected = cell(fixed::mdq_connected) != 0;
  figures.mdc_connected = cell(fixed::mdc_connected) != 0;
  figures.running = block->beat.running.load(std::memory_order_relaxed) != 0;
  read_declared(*block, figures.metrics);
  return figures;
}

undelivered_telemetry read_undelivered(std::span<const std::byte> memory) {
  const auto* block = layout_of(memory);
  if (block == nullptr) return {};
  const auto cell = [block](telemetry_count which) {
    return block->telemetry[static_cast<std::size_t>(which)].load(std::memory_order_relaxed);
  };
  const auto missing = [&](telemetry_count recorded, telemetry_count delivered) {
    const auto there = cell(delivered), all = cell(recorded);
    return all > there ? all - there : 0;
  };
  return {missing(telemetry_count::spans_recorded, telemetry_count::spans_delivered),
          missing(telemetry_count::log_records_recorded, telemetry_count::log_records_delivered),
          cell(telemetry_count::metric_exports_failed)};
}

void read_help(std::span<const std::byte> memory, std::map<std::string, std::string>& into) {
  const auto* block = layout_of(memory);
  if (block == nullptr) return;
  for (const auto& description : block->descriptions) {
    if (!value_of(description.kind.load(std::memory_order_acquire), 0)) return;
    auto name = text_of(description.name);
    if (auto help = text_of(description.help); !help.empty()) into.insert_or_assign(std::move(name), std::move(help));
  }
}

beat_reading read_beat(std::span<const std::byte> memory) {
  const auto* block = layout_of(memory);
  if (block == nullptr) return {};
  beat_reading beat;
  const auto loop = block->beat.loop.load(std::memory_order_relaxed);
  if (loop <= static_cast<std::uint32_t>(loop_state::busy)) beat.loop = static_cast<loop_state>(loop);
  beat.last = std::chrono::steady_clock::time_point(
      std::chrono::nanoseconds(block->beat.last_ns.load(std::memory_order_relaxed)));
  return beat;
}

}  // namespace lineshaft::status
