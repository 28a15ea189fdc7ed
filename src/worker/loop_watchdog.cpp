#include "worker/loop_watchdog.hpp"

#include <algorithm>
#include <utility>

#include "channel/packet.hpp"
#include "sys/memory.hpp"

namespace lineshaft::runtime {
namespace {

constexpr std::size_t longest_stack = 8000;

}  // namespace

result<std::unique_ptr<loop_watchdog>> loop_watchdog::make(std::chrono::milliseconds timeout,
                                                           status::block_writer& block, int channel) {
  auto timer = sys::tick_timer::make(tick);
  if (!timer) return std::unexpected(timer.error());
  auto statistics = sys::open_schedule_statistics();
  if (!statistics) return std::unexpected(statistics.error());
  auto stack = sys::sealed_memory("stack", longest_stack);
  if (!stack) return std::unexpected(stack.error());
  return std::unique_ptr<loop_watchdog>(
      new loop_watchdog(timeout, block, channel, std::move(*timer), std::move(*statistics), std::move(*stack)));
}

loop_watchdog::loop_watchdog(std::chrono::milliseconds timeout, status::block_writer& block, int channel,
                             sys::tick_timer timer, unique_fd schedule_statistics, unique_fd stack_file)
    : block_(block),
      channel_(channel),
      timer_(std::move(timer)),
      schedule_statistics_(std::move(schedule_statistics)),
      stack_file_(std::move(stack_file)),
      watch_(timeout),
      message_(channel::framed(channel::encode(channel::watchdog_word{.stack = std::string(longest_stack, '\0')}))) {
  // The first one loads what the later ones need, which a signal handler must not.
  write_stack();
  the_one_ = this;
}

loop_watchdog::~loop_watchdog() { the_one_ = nullptr; }

void loop_watchdog::arm() noexcept {
  watch_.begin(now());
  armed_ = true;
  timer_.arm(watch_.period());
}

// ---- From here on in the signal handler.

void loop_watchdog::tick() noexcept {
  if (the_one_ != nullptr) the_one_->look();
}

void loop_watchdog::look() noexcept {
  if (writing_) return say_stuck_without_stack();
  const auto verdict = watch_.tick(now());
  if (verdict == loop_verdict::idle) {
    armed_ = false;  // the next handler arms it again
    said_ = verdict;
    return;
  }
  timer_.arm(watch_.period());
  if (verdict == said_) return;
  if (verdict == loop_verdict::stuck) {
    const sys::ticks_inside_a_tick if_this_hangs;
    writing_ = true;
    write_stack();
    writing_ = false;
    if (said_ == verdict) return;
  }
  // What the manager could not take now is said at the next tick.
  if (verdict == loop_verdict::working || say(verdict)) said_ = verdict;
}

// The names of the functions take the lock of the dynamic loader, and whoever has it may be what the loop waits for.
void loop_watchdog::say_stuck_without_stack() noexcept {
  if (said_ == loop_verdict::stuck) return;
  timer_.arm(watch_.period());
  std::ranges::fill(std::span(message_).last(longest_stack), std::byte{0});
  if (say(loop_verdict::stuck)) said_ = loop_verdict::stuck;
}

loop_look loop_watchdog::now() const noexcept {
  const auto beat = block_.last_beat();
  return {.now = std::chrono::steady_clock::now().time_since_epoch(),
          .handler_began = beat.last.time_since_epoch(),
          .waited_for_cpu = sys::waited_for_cpu(schedule_statistics_.get()),
          .busy = beat.loop == loop_state::busy};
}

bool loop_watchdog::say(loop_verdict verdict) noexcept {
  // The frame's byte, the kind's, then the verdict.
  message_[2] = static_cast<std::byte>(verdict);
  return sys::send_now(channel_, message_);
}

void loop_watchdog::write_stack() noexcept {
  sys::backtrace_into(stack_file_.get(), std::span(message_).last(longest_stack));
}

}  // namespace lineshaft::runtime
