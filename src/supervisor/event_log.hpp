#pragma once
// The events of one manager: numbered where they happen, handed to each subscriber through a buffer of its own.
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "lineshaft/event.hpp"

namespace lineshaft::supervisor {

/// One subscriber: a bounded buffer, and the thread that empties it. The supervisor never waits for it; what does
/// not fit is counted, and told in its place.
class event_feed {
 public:
  using on_event = std::function<void(const event&)>;

  event_feed(on_event take, std::size_t capacity);
  /// Hands over what is in the buffer, and ends. Must not run inside `take`.
  ~event_feed();
  event_feed(const event_feed&) = delete;
  event_feed& operator=(const event_feed&) = delete;

  void offer(const event& what);

 private:
  void run();
  event gap();

  on_event take_;
  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<event> buffer_;
  event lost_{.kind = event_kind::dropped};  ///< the last one that did not fit
  std::uint64_t lost_count_ = 0;             ///< since the last one that did
  bool ended_ = false;
  std::thread thread_;
};

/// Told on the supervisor's thread, subscribed to from any.
class event_log {
 public:
  /// Gives it its number, and the time on the wall.
  void tell(event what);
  /// The feed must be removed before it is destroyed: by its owner, never by the thread that tells.
  void add(event_feed& feed);
  void remove(event_feed& feed);

 private:
  std::uint64_t last_ = 0;
  std::mutex mutex_;
  std::vector<event_feed*> feeds_;
};

}  // namespace lineshaft::supervisor
