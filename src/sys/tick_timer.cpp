#include "sys/tick_timer.hpp"

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "sys/descriptor.hpp"
#include "sys/error.hpp"

namespace lineshaft::sys {
namespace {

int tick_signal() noexcept { return SIGRTMIN + 6; }

void (*tick)() noexcept = nullptr;

void on_tick(int) noexcept {
  const int kept = errno;
  if (tick != nullptr) tick();
  errno = kept;
}

void let_ticks(int how) noexcept {
  sigset_t ticks;
  ::sigemptyset(&ticks);
  ::sigaddset(&ticks, tick_signal());
  ::pthread_sigmask(how, &ticks, nullptr);
}

}  // namespace

ticks_inside_a_tick::ticks_inside_a_tick() noexcept { let_ticks(SIG_UNBLOCK); }
ticks_inside_a_tick::~ticks_inside_a_tick() { let_ticks(SIG_BLOCK); }

result<tick_timer> tick_timer::make(void (*on)() noexcept) {
  tick = on;
  struct sigaction how{};
  how.sa_handler = on_tick;
  how.sa_flags = SA_RESTART;
  ::sigaction(tick_signal(), &how, nullptr);
  sigevent interrupt{};
  interrupt.sigev_notify = SIGEV_THREAD_ID;
  interrupt.sigev_signo = tick_signal();
  interrupt._sigev_un._tid = ::gettid();
  timer_t made = nullptr;
  if (::timer_create(CLOCK_MONOTONIC, &interrupt, &made) < 0) return fail(last_error(), "cannot make a timer");
  return tick_timer(made);
}

tick_timer::tick_timer(tick_timer&& other) noexcept : timer_(other.timer_), owns_(std::exchange(other.owns_, false)) {}

tick_timer::~tick_timer() {
  if (owns_) ::timer_delete(timer_);
}

void tick_timer::arm(std::chrono::nanoseconds span) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  itimerspec once{};
  once.it_value = {seconds.count(), (span - seconds).count()};
  ::timer_settime(timer_, 0, &once, nullptr);
}

result<unique_fd> open_schedule_statistics() { return open("/proc/thread-self/schedstat", O_RDONLY); }

std::chrono::nanoseconds waited_for_cpu(int schedule_statistics) noexcept {
  std::array<char, 96> text{};
  if (::pread(schedule_statistics, text.data(), text.size() - 1, 0) <= 0) return {};
  char* second = nullptr;
  std::strtoull(text.data(), &second, 10);
  return std::chrono::nanoseconds(std::strtoull(second, nullptr, 10));
}

void backtrace_into(int scratch, std::span<std::byte> text) noexcept {
  std::array<void*, 64> frames{};
  const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  ::lseek(scratch, 0, SEEK_SET);
  ::backtrace_symbols_fd(frames.data(), count, scratch);
  const auto length = ::lseek(scratch, 0, SEEK_CUR);
  const auto wanted = std::min(text.size(), static_cast<std::size_t>(std::max<off_t>(length, 0)));
  const auto got = ::pread(scratch, text.data(), wanted, 0);
  std::ranges::fill(text.subspan(static_cast<std::size_t>(std::max<ssize_t>(got, 0))), std::byte{0});
}

}  // namespace lineshaft::sys
