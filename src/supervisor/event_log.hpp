#pragma once
// The events of one manager: numbered where they happen, handed to each subscriber through a buffer of its own.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "lineshaft/event.hpp"

namespace lineshaft::supervisor {

/// Who is told of each event.
class event_sink {
 public:
  virtual ~event_sink() = default;
  /// On the supervisor's thread, which waits for it. False: it did not fit.
  virtual bool offer(const event& what) = 0;
};

/// One subscriber: a bounded buffer, and the thread that empties it. The supervisor never waits for it, and wakes it
/// once for a burst; what does not fit is counted, and told in its place.
class event_feed final : public event_sink {
 public:
  using on_event = std::function<void(const event&)>;

  event_feed(on_event take, std::size_t capacity);
  /// Hands over what is in the buffer, and ends. Must not run inside `take`.
  ~event_feed() override;
  event_feed(const event_feed&) = delete;
  event_feed& operator=(const event_feed&) = delete;

  bool offer(const event& what) override;

 private:
  void run();
  event gap();

  on_event take_;
  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<event> buffer_;
  std::atomic<std::size_t> in_hand_ = 0;  ///< taken from the buffer together, and not told yet
  bool sleeps_ = false;
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
  /// The sink must be removed before it is destroyed: by its owner, never by the thread that tells.
  void add(event_sink& sink);
  void remove(event_sink& sink);
  /// By all sinks together. From any thread.
  std::uint64_t dropped() const { return dropped_; }

 private:
  std::uint64_t last_ = 0;
  std::mutex mutex_;
  std::vector<event_sink*> sinks_;
  std::atomic<std::uint64_t> dropped_ = 0;
};

}  // namespace lineshaft::supervisor
