#include "lmdb/options.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;

TEST(lmdb_options, are_read_from_the_url) {
  const std::pair<const char*, std::size_t> rows[] = {
      {"lmdb:run/cache", std::size_t{4} << 30},           {"lmdb:run/cache?size=1MiB", 1 << 20},
      {"lmdb:run/cache?size=2GiB", std::size_t{2} << 30}, {"lmdb:run/cache?size=2048KiB", 2 << 20},
      {"lmdb:run/cache?size=1048577", 1 << 20},
  };
  for (const auto& [url, size] : rows) {
    const auto read = lmdb::read_options(*parse_connector_url(url));
    ASSERT_TRUE(read) << url;
    EXPECT_EQ(read->path, "run/cache");
    EXPECT_EQ(read->size, size) << url;
  }
}

TEST(lmdb_options, that_cannot_be_used_say_what_was_expected) {
  for (const auto* size : {"", "big", "1MB", "-1", "1", "1023KiB", "1.5GiB", "99999999999999999999",
                           "18446744073709551615", "17179869184GiB"}) {
    const auto url = "lmdb:x?size=" + std::string(size);
    const auto read = lmdb::read_options(*parse_connector_url(url));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().doing,
              "cannot open cache '" + url + "': size is '" + size + "', expected at least 1MiB, as 64MiB or 8GiB");
  }
  EXPECT_EQ(lmdb::read_options(*parse_connector_url("lmdb:")).error().doing,
            "cannot open cache 'lmdb:': it names no folder");
  EXPECT_EQ(lmdb::read_options(*parse_connector_url("lmdb:x?ttl=1")).error().doing,
            "there is no parameter 'ttl' in 'lmdb:x?ttl=1'; there are: size");
}
