#pragma once
// A cache in a folder of the test's own, at a time that the test sets.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "lmdb/lmdb_cache.hpp"
#include "support/files.hpp"
#include "support/run.hpp"

namespace lineshaft::test {

class lmdb_cache : public testing::Test {
 protected:
  std::unique_ptr<lineshaft::lmdb::lmdb_cache> open(std::size_t size = std::size_t{64} << 20) {
    return std::make_unique<lmdb::lmdb_cache>(
        lmdb::environment::open(folder_ / "cache", size, lmdb::access::read_write).value(), [this] { return now_; });
  }
  template <class T>
  T run(boost::asio::awaitable<T> coroutine) {
    return support::run(io_, std::move(coroutine));
  }
  /// The message of the error, or "" if there is none.
  std::string apply(cache& to, const cache_batch& batch) {
    const auto applied = run(to.apply(batch));
    return applied ? "" : applied.error().message();
  }
  std::size_t rows(MDB_dbi lmdb::tables::* table) {
    const auto in = lmdb::environment::open(folder_ / "cache", 1, lmdb::access::read_write).value();
    const auto snapshot = lmdb::transaction::begin(*in, lmdb::access::read_only, now_).value();
    MDB_stat stat;
    EXPECT_EQ(::mdb_stat(snapshot.get(), in->open_tables().*table, &stat), 0);
    return stat.ms_entries;
  }

  boost::asio::io_context io_{1};
  support::temporary_folder folder_;
  std::chrono::milliseconds now_{1'700'000'000'000};
};

}  // namespace lineshaft::test
