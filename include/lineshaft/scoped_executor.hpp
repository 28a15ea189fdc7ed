#pragma once
// An executor that wraps each of its handlers in a scope: something is so at the beginning of the handler, and no more
// at its end. Coroutines on it keep that across `co_await`.
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <utility>

namespace lineshaft::detail {

/// Asio's executor requirements, by handing every property on to the executor inside. `Scope` is made from `State` for
/// as long as a handler runs.
template <class Scope, class State, class Inner>
class scoped_executor {
 public:
  scoped_executor(Inner inner, State state) : inner_(std::move(inner)), state_(std::move(state)) {}

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
    inner_.execute([state = state_, function = std::forward<Function>(function)]() mutable {
      const Scope now(state);
      std::move(function)();
    });
  }

  friend bool operator==(const scoped_executor& a, const scoped_executor& b) noexcept {
    return a.inner_ == b.inner_ && a.state_ == b.state_;
  }

 private:
  template <class Other>
  scoped_executor<Scope, State, Other> wrap(Other other) const {
    return {std::move(other), state_};
  }

  Inner inner_;
  State state_;
};

}  // namespace lineshaft::detail
