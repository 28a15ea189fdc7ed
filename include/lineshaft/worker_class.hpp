#pragma once
// A worker class as data: its name, how its options are checked, and how an object of it is made.
#include <array>
#include <boost/json/object.hpp>
#include <concepts>
#include <memory>
#include <string_view>

#include "lineshaft/options.hpp"
#include "lineshaft/worker.hpp"

namespace lineshaft {

/// One entry of a program's table of worker classes.
struct worker_class {
  std::string_view name;
  /// Whether these options fit: checked in the manager, before any process exists.
  result<> (*check)(const boost::json::object& options);
  /// Makes the worker, in its own process. Throws what the constructor throws.
  std::unique_ptr<worker> (*make)(const boost::json::object& options, worker_context& context);
  /// The options that it has, as they are where none are given. Empty if they cannot be left out.
  boost::json::object (*defaults)();
};

/// What a worker class has to give.
template <class W>
concept worker_class_type = std::derived_from<W, worker> && requires {
  { W::class_name } -> std::convertible_to<std::string_view>;
  typename W::options;
} && std::constructible_from<W, typename W::options, worker_context&>;

template <worker_class_type W>
constexpr worker_class describe_class() {
  return {
      W::class_name,
      [](const boost::json::object& options) -> result<> {
        return options_from_json<typename W::options>(options).transform([](auto&&) {});
      },
      [](const boost::json::object& options, worker_context& context) -> std::unique_ptr<worker> {
        return std::make_unique<W>(options_from_json<typename W::options>(options).value(), context);
      },
      []() -> boost::json::object {
        if constexpr (std::default_initializable<typename W::options>) return options_to_json(typename W::options());
        return {};
      },
  };
}

/// The table of a program's worker classes, for `host` and `main`.
template <class... W>
inline constexpr auto worker_classes = std::array<worker_class, sizeof...(W)>{describe_class<W>()...};

}  // namespace lineshaft
