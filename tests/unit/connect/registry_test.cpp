#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "lineshaft/cache.hpp"
#include "lineshaft/feed.hpp"
#include "support/run.hpp"

using namespace lineshaft;

TEST(registry, says_which_schemes_there_are) {
  boost::asio::io_context io;
  const auto none = support::run(io, open_feed(io.get_executor(), "tape:x"));
  EXPECT_EQ(none.error().message(),
            "there is no feed 'tape:x'; schemes here: none (is its connector linked?): Invalid argument");

  const auto refuse = [](boost::asio::any_io_executor, connector_url url) -> opening<cache> {
    co_return fail("refused " + url.rest);
  };
  register_connector(cache_connector{"one", refuse});
  register_connector(cache_connector{"two", refuse});
  const auto unknown = support::run(io, open_cache(io.get_executor(), "three:x"));
  EXPECT_EQ(unknown.error().message(), "there is no cache 'three:x'; schemes here: one, two: Invalid argument");
  EXPECT_EQ(support::run(io, open_cache(io.get_executor(), "two:x")).error().message(), "refused x");
  EXPECT_FALSE(support::run(io, open_cache(io.get_executor(), "x")));
}
