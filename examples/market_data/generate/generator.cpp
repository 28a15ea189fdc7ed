#include "market_data/generate/generator.hpp"

#include <algorithm>
#include <numeric>
#include <ranges>

namespace market_data {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

// Any trading day does; this one is fixed so that a seed means the same bytes for ever.
// 9:30 in New York is 13:30 UTC in June.
constexpr event_time market_open = sys_days{2025y / June / 3} + 13h + 30min;
constexpr event_time day_before_closed = sys_days{2025y / June / 2} + 20h;
constexpr std::uint32_t frame_limit = 100;

}  // namespace

generator::generator(generator_options options)
    : options_(options),
      chance_(options.seed),
      instruments_(make_instruments(chance_)),
      writer_(random_source(chance_.next())),
      schedule_(options.pace, random_source(chance_.next())),
      told_volume_(instruments_.size()) {}

feed_totals generator::run(const frame_sink& sink) {
  if (options_.previous_day) write_previous_day(sink);
  const auto begin = market_open - schedule_.opens_at();
  for (auto now = begin; going_on_; now += schedule::tick) {
    if (options_.events == 0 && now - begin >= options_.pace.length) break;
    std::uint64_t events = schedule_.next_tick();
    if (options_.events != 0) events = std::min(events, options_.events - std::min(options_.events, totals_.events));
    write_tick(now, events, sink);
    if (options_.events != 0 && totals_.events >= options_.events) break;
  }
  std::vector<std::uint32_t> order(instruments_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return told_volume_[a] > told_volume_[b]; });
  for (auto index : order | std::views::take(10)) {
    if (told_volume_[index] > 0) totals_.top_volume.emplace_back(instruments_[index].symbol, told_volume_[index]);
  }
  return totals_;
}

void generator::write_previous_day(const frame_sink& sink) {
  for (const auto& one : instruments_) {
    if (!going_on_ || (options_.events != 0 && totals_.events == options_.events)) break;
    frame_ += frame_events_++ == 0 ? '[' : ',';
    writer_.previous_day(one, day_before_closed, frame_);
    count(stream::aggregate);
    if (frame_events_ == frame_limit) end_frame(sink);
  }
  end_frame(sink);
}

void generator::write_tick(event_time now, std::uint64_t events, const frame_sink& sink) {
  std::uint64_t frame_size = 0;
  while (events > 0 && going_on_) {
    if (frame_events_ == 0) frame_size = 1 + chance_.below(frame_limit);
    frame_ += frame_events_++ == 0 ? '[' : ',';
    write_event(now);
    if (--events == 0 || frame_events_ == frame_size) end_frame(sink);
  }
}

void generator::write_event(event_time now) {
  const auto index = picker_.pick(chance_);
  auto& one = instruments_[index];
  const auto draw = chance_.below(1000);
  if (draw < 400) {
    writer_.trade(one, now, frame_);
    count(stream::trades);
  } else if (draw < 850) {
    writer_.quote(one, now, frame_);
    count(stream::quotes);
  } else if (draw < 999) {
    writer_.aggregate(one, now, frame_);
    told_volume_[index] = one.day_volume;
    count(stream::aggregate);
  } else {
    writer_.halt(one, now, frame_);
    count(stream::halts);
  }
}

void generator::count(stream which) {
  ++totals_.events;
  ++totals_.by_stream[static_cast<std::size_t>(which)];
}

void generator::end_frame(const frame_sink& sink) {
  if (frame_events_ == 0) return;
  frame_ += "]\n";
  ++totals_.frames;
  totals_.bytes += frame_.size();
  going_on_ = sink(frame_);
  frame_.clear();
  frame_events_ = 0;
}

}  // namespace market_data
