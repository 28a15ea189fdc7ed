// `replay:PATH?speed=&loop=&symbol=`: a feed out of a file.
#include "replay/replay_feed.hpp"

namespace lineshaft::replay {

namespace {

opening<feed> open(boost::asio::any_io_executor executor, connector_url url) {
  auto how = read_options(url);
  if (!how) co_return std::unexpected(std::move(how.error()));
  auto clock = make_steady_clock(executor);
  auto opened = replay_feed::open(std::move(executor), std::move(*how), std::move(clock));
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  co_return std::unique_ptr<feed>(std::move(*opened));
}

[[maybe_unused]] const bool entered = register_connector(feed_connector{.scheme = "replay", .open = open});

}  // namespace

}  // namespace lineshaft::replay
