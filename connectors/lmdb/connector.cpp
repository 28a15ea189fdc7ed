// `lmdb:PATH?size=`: the embedded cache.
#include "lmdb/lmdb_cache.hpp"
#include "lmdb/options.hpp"

namespace lineshaft::lmdb {

namespace {

std::chrono::milliseconds wall_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

opening<cache> open(boost::asio::any_io_executor, connector_url url) {
  const auto how = read_options(url);
  if (!how) co_return std::unexpected(how.error());
  auto opened = environment::open(how->path, how->size, access::read_write);
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  co_return std::make_unique<lmdb_cache>(std::move(*opened), wall_time);
}

[[maybe_unused]] const bool entered = register_connector(cache_connector{.scheme = "lmdb", .open = open});

}  // namespace

}  // namespace lineshaft::lmdb
