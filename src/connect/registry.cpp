#include "lineshaft/cache.hpp"
#include "lineshaft/connect.hpp"
#include "lineshaft/feed.hpp"
#include "lineshaft/queue.hpp"

namespace lineshaft {

namespace {

template <class Connector>
using table = std::map<std::string, Connector>;

// Inside a function, so that it is there before the first static initialiser enters something.
template <class Connector>
table<Connector>& connectors() {
  static table<Connector> all;
  return all;
}

template <class Connector>
bool enter(Connector connector) {
  auto scheme = connector.scheme;
  connectors<Connector>().insert_or_assign(std::move(scheme), std::move(connector));
  return true;
}

template <class Connector>
std::string schemes() {
  std::string names;
  for (const auto& [scheme, connector] : connectors<Connector>()) names += (names.empty() ? "" : ", ") + scheme;
  return names.empty() ? "none (is its connector linked?)" : names;
}

template <class Connector>
struct found {
  const Connector* connector;
  connector_url url;
};

// `what` is "queue", "cache" or "feed".
template <class Connector>
result<found<Connector>> find(std::string_view what, const std::string& text) {
  auto url = parse_connector_url(text);
  if (!url) return std::unexpected(std::move(url.error()));
  const auto& all = connectors<Connector>();
  const auto at = all.find(url->scheme);
  if (at == all.end()) {
    return fail(std::errc::invalid_argument,
                "there is no " + std::string(what) + " '" + text + "'; schemes here: " + schemes<Connector>());
  }
  return found<Connector>{&at->second, std::move(*url)};
}

}  // namespace

bool register_connector(queue_connector connector) { return enter(std::move(connector)); }
bool register_connector(cache_connector connector) { return enter(std::move(connector)); }
bool register_connector(feed_connector connector) { return enter(std::move(connector)); }

opening<queue_producer> open_producer(worker_context& context, std::string url) {
  auto at = find<queue_connector>("queue", url);
  if (!at) co_return std::unexpected(std::move(at.error()));
  co_return co_await at->connector->open_producer(context, std::move(at->url));
}

opening<queue_consumer> open_consumer(worker_context& context, std::string url) {
  auto at = find<queue_connector>("queue", url);
  if (!at) co_return std::unexpected(std::move(at.error()));
  co_return co_await at->connector->open_consumer(context, std::move(at->url));
}

opening<cache> open_cache(boost::asio::any_io_executor executor, std::string url) {
  auto at = find<cache_connector>("cache", url);
  if (!at) co_return std::unexpected(std::move(at.error()));
  co_return co_await at->connector->open(std::move(executor), std::move(at->url));
}

opening<feed> open_feed(boost::asio::any_io_executor executor, std::string url) {
  auto at = find<feed_connector>("feed", url);
  if (!at) co_return std::unexpected(std::move(at.error()));
  co_return co_await at->connector->open(std::move(executor), std::move(at->url));
}

}  // namespace lineshaft
