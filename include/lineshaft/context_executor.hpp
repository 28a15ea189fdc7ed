#pragma once
// An executor that has an OpenTelemetry context current while each of its handlers runs. Coroutines on it keep their
// context across `co_await`.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <memory>
#include <utility>

#include "lineshaft/span.hpp"

namespace lineshaft::detail {

/// Asio's executor requirements, by handing every property on to the executor inside.
template <class Inner>
class context_executor {
 public:
  context_executor(Inner inner, std::shared_ptr<const void> context)
      : inner_(std::move(inner)), context_(std::move(context)) {}

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
    inner_.execute([context = context_, function = std::forward<Function>(function)]() mutable {
      const opaque_scope current(context);
      std::move(function)();
    });
  }

  friend bool operator==(const context_executor& a, const context_executor& b) noexcept {
    return a.inner_ == b.inner_ && a.context_ == b.context_;
  }

 private:
  template <class Other>
  context_executor<Other> wrap(Other other) const {
    return {std::move(other), context_};
  }

  Inner inner_;
  std::shared_ptr<const void> context_;
};

}  // namespace lineshaft::detail
