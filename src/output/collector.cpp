#include "output/collector.hpp"

#include <algorithm>
#include <utility>

namespace lineshaft::output {
namespace {

/// For a process that its worker has started and left behind.
constexpr auto linger = std::chrono::seconds(5);

}  // namespace

result<std::unique_ptr<collector>> collector::start(std::shared_ptr<const unique_fd> wake) {
  auto poller = sys::poller::make();
  if (!poller) return std::unexpected(poller.error());
  if (auto added = poller->add(wake->get()); !added) return std::unexpected(added.error());
  auto made = std::make_unique<collector>(std::move(*poller), std::move(wake));
  if (auto started = made->thread_.start("lineshaft-out", [self = made.get()] { self->run(); }); !started)
    return std::unexpected(started.error());
  return made;
}

collector::collector(sys::poller poller, std::shared_ptr<const unique_fd> wake)
    : poller_(std::move(poller)), wake_(std::move(wake)) {}

collector::~collector() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  sys::signal_event(wake_->get());
  // It waits for nothing but the poller.
  thread_.leave(std::chrono::hours(1));
}

result<> collector::add(std::shared_ptr<capture> captured) {
  const std::scoped_lock lock(mutex_);
  for (const auto of : {stream::out, stream::err}) {
    const int pipe = captured->descriptor(of);
    if (auto added = poller_.add(pipe); !added) {
      remove_all_of(*captured);
      return added;
    }
    ends_.emplace(pipe, pipe_end{captured, of});
  }
  return {};
}

void collector::process_ended(const std::shared_ptr<capture>& captured) {
  const std::scoped_lock lock(mutex_);
  const bool waits = std::ranges::any_of(waiting_, [&](int pipe) { return ends_.at(pipe).captured == captured; });
  if (captured->ended() && !waits) return;  // the poller says so
  lingering_.push_back({captured, clock::now() + linger});
  sys::signal_event(wake_->get());
}

void collector::run() {
  read_buffer buffer;
  while (!closing()) {
    for (const int ready : poller_.wait(until_next())) {
      if (ready == wake_->get()) {
        sys::clear_event(ready);
        try_again();
      } else {
        read(ready, buffer);
      }
    }
    give_up_those_overdue(buffer);
  }
}

bool collector::closing() {
  const std::scoped_lock lock(mutex_);
  return closing_;
}

void collector::read(int pipe, read_buffer& buffer) {
  std::unique_lock lock(mutex_);
  const auto found = ends_.find(pipe);
  if (found == ends_.end()) return;
  const auto [captured, of] = found->second;
  lock.unlock();
  switch (captured->read(of, buffer)) {
    case capture::outcome::ended: return remove(pipe);
    case capture::outcome::wait:
      lock.lock();
      poller_.remove(pipe);
      waiting_.push_back(pipe);
      return;
    default: return;
  }
}

void collector::remove(int pipe) {
  std::unique_lock lock(mutex_);
  auto removed = ends_.extract(pipe);
  if (removed.empty()) return;
  std::erase(waiting_, pipe);
  // Before it is closed: its number may be another pipe's at once.
  poller_.remove(pipe);
  lock.unlock();
  removed.mapped().captured->close(removed.mapped().of);
}

void collector::remove_all_of(const capture& captured) {
  for (const auto& [pipe, end] : ends_)
    if (end.captured.get() == &captured) poller_.remove(pipe);
  std::erase_if(ends_, [&](const auto& one) { return one.second.captured.get() == &captured; });
}

// What still cannot be watched is tried at the next opportunity.
void collector::try_again() {
  const std::scoped_lock lock(mutex_);
  std::erase_if(waiting_, [this](int pipe) { return poller_.add(pipe).has_value(); });
}

void collector::give_up_those_overdue(read_buffer& buffer) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (lingering_.empty() || lingering_.front().until > clock::now()) return;
    const auto captured = std::move(lingering_.front().captured);
    lingering_.pop_front();
    lock.unlock();
    for (const auto of : {stream::out, stream::err}) {
      const int pipe = captured->descriptor(of);
      if (pipe < 0) continue;
      captured->read(of, buffer);
      remove(pipe);
    }
  }
}

std::optional<std::chrono::milliseconds> collector::until_next() {
  const std::scoped_lock lock(mutex_);
  while (!lingering_.empty() && lingering_.front().captured->ended()) lingering_.pop_front();
  if (lingering_.empty()) return std::nullopt;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(lingering_.front().until - clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

}  // namespace lineshaft::output
