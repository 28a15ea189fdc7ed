#pragma once
// The border between errors as values and a worker, which may throw: the text reaches the manager.
#include <lineshaft/error.hpp>
#include <stdexcept>
#include <utility>

namespace market_data {

template <class T>
T value_or_throw(lineshaft::result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(*result);
}

}  // namespace market_data
