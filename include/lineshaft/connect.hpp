#pragma once
// How connectors are found: a URL `scheme:rest?key=value&key=value`, and the table of the schemes that
// this program has. A connector enters itself when its CMake target is linked (`lineshaft::local`, …),
// by a static initialiser, before main(); the table is only read after that.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "lineshaft/error.hpp"

namespace lineshaft {

class cache;
class feed;
class queue_consumer;
class queue_producer;
class worker_context;

/// A connector's URL in its parts. Nothing is percent-decoded: a path is written as it is.
struct connector_url {
  std::string text;  ///< as it was given
  std::string scheme;
  std::string rest;                               ///< between "scheme:" and the last part, "?…"
  std::map<std::string, std::string> parameters;  ///< of "?key=value&key=value"

  /// An error that lists `known`, if there is a parameter that is none of them.
  result<> check_parameters(std::initializer_list<std::string_view> known) const;
};

/// Takes a URL apart. A missing scheme, a parameter without '=' or one given twice is an error.
result<connector_url> parse_connector_url(std::string_view text);

template <class T>
using opening = boost::asio::awaitable<result<std::unique_ptr<T>>>;

/// What a connector gives to be found by: its scheme, and how to open each end.
struct queue_connector {
  std::string scheme;
  std::function<opening<queue_producer>(worker_context&, connector_url)> open_producer;
  std::function<opening<queue_consumer>(worker_context&, connector_url)> open_consumer;
};
struct cache_connector {
  std::string scheme;
  std::function<opening<cache>(boost::asio::any_io_executor, connector_url)> open;
};
struct feed_connector {
  std::string scheme;
  std::function<opening<feed>(boost::asio::any_io_executor, connector_url)> open;
};

/// Enters a connector; a scheme that is there already is replaced. Always true, so that it can
/// initialise a namespace-scope constant.
bool register_connector(queue_connector);
bool register_connector(cache_connector);
bool register_connector(feed_connector);

}  // namespace lineshaft
