// Preloaded into a program (LD_PRELOAD), gives it a clock on the wall that jumps by a year to and fro at every look.
// All other clocks go on as they are.
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace {

constexpr time_t year = 365 * 24 * 3600;

time_t jump() noexcept {
  static std::atomic<unsigned> looks = 0;
  constexpr time_t jumps[] = {0, year, -year, 3600, -3600};
  return jumps[looks++ % 5];
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t which, timespec* now) noexcept {
  // The call itself: what this stands in for may be asked before anything else is there.
  const auto done = static_cast<int>(::syscall(SYS_clock_gettime, which, now));
  if (done == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += jump();
  return done;
}

int gettimeofday(timeval* __restrict now, void* __restrict zone) noexcept {
  const auto done = static_cast<int>(::syscall(SYS_gettimeofday, now, zone));
  if (done == 0) now->tv_sec += jump();
  return done;
}

time_t time(time_t* into) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (into != nullptr) *into = now.tv_sec;
  return now.tv_sec;
}
}
