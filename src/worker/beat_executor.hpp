#pragma once
// The executor that a worker's code runs on: the event loop's own, with a mark in the status block at the
// beginning and the end of each handler. So a reader can tell an idle loop from a stuck one, and nobody polls.
#include "lineshaft/scoped_executor.hpp"
#include "status/block_writer.hpp"
#include "worker/loop_watchdog.hpp"

namespace lineshaft::runtime {

/// Marks the time inside a handler. Nested handlers (run by dispatch) belong to the outermost.
class beat {
 public:
  explicit beat(status::block_writer* block) noexcept : block_(*block) {
    if (depth_++ > 0) return;
    block_.enter();
    loop_watchdog::handler_begins();
  }
  ~beat() {
    if (--depth_ == 0) block_.leave();
  }
  beat(const beat&) = delete;
  beat& operator=(const beat&) = delete;

 private:
  status::block_writer& block_;
  // A process has one event loop, on one thread.
  static inline int depth_ = 0;
};

template <class Inner>
using beat_executor = detail::scoped_executor<beat, status::block_writer*, Inner>;

}  // namespace lineshaft::runtime
