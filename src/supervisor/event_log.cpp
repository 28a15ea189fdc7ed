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

void event_feed::offer(const event& what) {
  {
    const std::scoped_lock lock(mutex_);
    if (buffer_.size() >= capacity_) {
      ++dropped_;
      return;
    }
    if (dropped_ > 0) buffer_.push_back(dropped_before(what, std::exchange(dropped_, 0)));
    buffer_.push_back(what);
  }
  arrived_.notify_one();
}

void event_feed::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, [this] { return ended_ || !buffer_.empty(); });
    if (buffer_.empty()) return;
    const auto next = std::move(buffer_.front());
    buffer_.pop_front();
    lock.unlock();
    take_(next);
    lock.lock();
  }
}

event event_feed::dropped_before(const event& next, std::uint64_t count) {
  auto gap = next;
  gap.seq = next.seq - 1;
  gap.worker.clear();
  gap.generation = 0;
  gap.kind = event_kind::dropped;
  gap.cause = std::format("{} events", count);
  return gap;
}

void event_log::tell(event what) {
  what.seq = ++last_;
  const std::scoped_lock lock(mutex_);
  for (auto* feed : feeds_) feed->offer(what);
}

void event_log::add(event_feed& feed) {
  const std::scoped_lock lock(mutex_);
  feeds_.push_back(&feed);
}

void event_log::remove(event_feed& feed) {
  const std::scoped_lock lock(mutex_);
  std::erase(feeds_, &feed);
}

}  // namespace lineshaft::supervisor
