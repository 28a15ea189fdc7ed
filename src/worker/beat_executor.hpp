#pragma once
// The executor that a worker's code runs on: the event loop's own, with a mark in the status block at the
// beginning and the end of each handler. So a reader can tell an idle loop from a stuck one, and nobody polls.
#include <boost/asio/execution/context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <utility>

#include "status/block_writer.hpp"
#include "worker/loop_watchdog.hpp"

namespace lineshaft::runtime {

/// Marks the time inside a handler. Nested handlers (run by dispatch) belong to the outermost.
class beat {
 public:
  explicit beat(status::block_writer& block) noexcept : block_(block) {
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

/// Asio's executor requirements, by handing every property on to the executor inside.
template <class Inner>
class beat_executor {
 public:
  beat_executor(Inner inner, status::block_writer& block) : inner_(std::move(inner)), block_(&block) {}

  template <class Property>
    requires boost::asio::can_query_v<const Inner&, Property>
  decltype(auto) query(const Property& property) const {
    return boost::asio::query(inner_, property);
  }
  template <class Property>
    requires boost::asio::can_require_v<const Inner&, Property>
  auto require(const Property& property) const {
    return wrap(boost::asio::require(inner_, property));
  }
  template <class Property>
    requires boost::asio::can_prefer_v<const Inner&, Property>
  auto prefer(const Property& property) const {
    return wrap(boost::asio::prefer(inner_, property));
  }

  template <class Function>
  void execute(Function&& function) const {
    inner_.execute([block = block_, function = std::forward<Function>(function)]() mutable {
      const beat now(*block);
      std::move(function)();
    });
  }

  friend bool operator==(const beat_executor& a, const beat_executor& b) noexcept {
    return a.inner_ == b.inner_ && a.block_ == b.block_;
  }

 private:
  template <class Other>
  beat_executor<Other> wrap(Other other) const {
    return {std::move(other), *block_};
  }

  Inner inner_;
  status::block_writer* block_;
};

}  // namespace lineshaft::runtime
