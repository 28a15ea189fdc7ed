// What is too long, too much, or no cache.
#include <cmath>
#include <random>

#include "unit/connectors/lmdb/cache_fixture.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;
using test::lmdb_cache;

TEST_F(lmdb_cache, refuses_keys_that_are_empty_or_too_long) {
  const auto cache = open();
  const std::string longest(lmdb::key_limit, 'k'), too_long(lmdb::key_limit + 1, 'k');
  EXPECT_EQ(apply(*cache, cache_batch().set("", "v")), "cannot write a key without a name: Invalid argument");
  EXPECT_EQ(apply(*cache, cache_batch()
                              .set(longest, "v")
                              .remove(longest)
                              .push(longest, "e", 1)
                              .remove(longest)
                              .add_scores(longest, {{"", 1}})),
            "");
  EXPECT_EQ(apply(*cache, cache_batch().push(too_long, "e", 1)),
            "cannot write key '" + std::string(40, 'k') + "…': it is longer than 501 bytes: Invalid argument");
  EXPECT_EQ(apply(*cache, cache_batch().add_scores("s", {{too_long, 1}})),
            "cannot score '" + std::string(40, 'k') +
                "…' in 's': key and member are together longer than 501 bytes: Invalid argument");
  EXPECT_EQ(apply(*cache, cache_batch().add_scores("s", {{"m", std::nan("")}})),
            "cannot score 'm' in 's': the score is no number: Invalid argument");
  // There is none of these, which is no error.
  EXPECT_EQ(run(cache->get(too_long)).value(), std::nullopt);
  EXPECT_EQ(run(cache->get("")).value(), std::nullopt);
  EXPECT_EQ(run(cache->keys(std::string(600, 'k'))).value(), std::vector<std::string>{});
  EXPECT_EQ(apply(*cache, cache_batch().remove(too_long).remove("")), "");
}

TEST_F(lmdb_cache, that_is_full_is_an_error_and_works_on_when_there_is_room_again) {
  const auto cache = open(std::size_t{1} << 20);
  std::string refused;
  int written = 0;
  for (; refused.empty() && written < 1000; ++written) {
    refused = apply(*cache, cache_batch().set("key " + std::to_string(written), std::string(10'000, 'x')));
  }
  EXPECT_EQ(refused, "cannot write to cache '" + (folder_ / "cache") + "': No space left on device");
  EXPECT_GT(written, 20);
  EXPECT_EQ(run(cache->get("key 0")).value()->size(), 10'000U);
  cache_batch removal;
  for (int i = 0; i < written; ++i) removal.remove("key " + std::to_string(i));
  ASSERT_EQ(apply(*cache, removal), "");
  // What was removed can be used by the transaction after the next, as a reader of the state before may be left.
  (void)apply(*cache, cache_batch().set("next", "v"));
  EXPECT_EQ(apply(*cache, cache_batch().set("again", std::string(10'000, 'x'))), "");
}

TEST_F(lmdb_cache, says_why_it_cannot_be_opened) {
  using lmdb::access;
  const auto message = [](const std::string& path, access how) {
    return lmdb::environment::open(path, 1 << 20, how).error().message();
  };
  const auto file = folder_.write("file", "x");
  EXPECT_EQ(message(folder_ / "none", access::read_only), "there is no cache in '" + (folder_ / "none") + "'");
  EXPECT_EQ(message(file, access::read_write).substr(0, 33), "cannot make the folder of cache '");
  std::filesystem::create_directory(folder_ / "junk");
  folder_.write("junk/data.mdb", std::string(100'000, 'j'));
  EXPECT_TRUE(message(folder_ / "junk", access::read_write)
                  .starts_with("cannot open cache '" + (folder_ / "junk") + "': MDB_INVALID"))
      << message(folder_ / "junk", access::read_write);
}

// Whatever is in the file, reading it is an answer or an error.
TEST_F(lmdb_cache, reads_any_record_as_something_or_says_that_it_is_damaged) {
  const auto cache = open();
  const auto in = lmdb::environment::open(folder_ / "cache", 1 << 20, lmdb::access::read_write).value();
  std::mt19937 random(31);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? random() : 0);
    if (bytes.size() > 8) bytes[8] = static_cast<char>(random() % 6);
    {
      auto to = lmdb::transaction::begin(*in, lmdb::access::read_write, now_).value();
      auto name = lmdb::to_val("k"), value = lmdb::to_val(bytes);
      ASSERT_EQ(::mdb_put(to.get(), to.in().keys, &name, &value, 0), 0);
      ASSERT_TRUE(to.commit());
    }
    (void)run(cache->get("k"));
    (void)run(cache->get_fields("k"));
    (void)run(cache->range("k", 10));
    (void)run(cache->top("k", 10));
    (void)apply(*cache, cache_batch().push("k", "e", 2));
    (void)apply(*cache, cache_batch().set_fields("k", {{"f", "v"}}));
    (void)apply(*cache, cache_batch().add_scores("k", {{"m", 1}}).trim("k", 1));
  }
  const auto bytes = std::string(12, '\1');
  auto to = lmdb::transaction::begin(*in, lmdb::access::read_write, now_).value();
  auto name = lmdb::to_val("k"), value = lmdb::to_val(bytes);
  ASSERT_EQ(::mdb_put(to.get(), to.in().keys, &name, &value, 0), 0);
  ASSERT_TRUE(to.commit());
  EXPECT_EQ(run(cache->get("k")).error().message(),
            "cannot read key 'k' of cache '" + (folder_ / "cache") + "': the file is damaged");
}
