#include "supervisor/event_log.hpp"

#include <format>
#include <utility>

namespace lineshaft::supervisor {

event_feed::event_feed(on_event take, std::size_t capacity)
    : take_(std::move(take)), capacity_(capacity), thread_([this] { run(); }) {}

event_feed::~event_feed() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

bool event_feed::offer(const event& what) {
  bool slept = false;
  {
    const std::scoped_lock lock(mutex_);
    if (buffer_.size() + in_hand_ >= capacity_) {
      lost_.seq = what.seq;
      lost_.time = what.time;
      lost_.monotonic = what.monotonic;
      ++lost_count_;
      return false;
    }
    if (lost_count_ > 0) buffer_.push_back(gap());
    buffer_.push_back(what);
    slept = std::exchange(sleeps_, false);
  }
  if (slept) arrived_.notify_one();
  return true;
}

void event_feed::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    // What was lost came after everything that was in the buffer.
    if (buffer_.empty() && lost_count_ > 0) buffer_.push_back(gap());
    while (buffer_.empty()) {
      if (ended_) return;
      sleeps_ = true;
      arrived_.wait(lock);
    }
    const auto burst = std::exchange(buffer_, {});
    in_hand_ = burst.size();
    lock.unlock();
    for (const auto& one : burst) {
      --in_hand_;
      take_(one);
    }
    lock.lock();
  }
}

event event_feed::gap() {
  lost_.cause = std::format("{} events", std::exchange(lost_count_, 0));
  return lost_;
}

void event_log::tell(event what) {
  what.seq = ++last_;
  what.time = std::chrono::system_clock::now();
  const std::scoped_lock lock(mutex_);
  for (auto* sink : sinks_) {
    if (!sink->offer(what)) ++dropped_;
  }
}

void event_log::add(event_sink& sink) {
  const std::scoped_lock lock(mutex_);
  sinks_.push_back(&sink);
}

void event_log::remove(event_sink& sink) {
  const std::scoped_lock lock(mutex_);
  std::erase(sinks_, &sink);
}

}  // namespace lineshaft::supervisor
