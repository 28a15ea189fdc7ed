#include "lmdb/lmdb_cache.hpp"

#include <cmath>
#include <limits>

#include "unit/connectors/lmdb/cache_fixture.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;
using test::lmdb_cache;

namespace {
using texts = std::vector<std::string>;
using scores = std::vector<cache_score>;
using fields = std::vector<cache_field>;
}  // namespace

TEST_F(lmdb_cache, keeps_values) {
  const auto cache = open();
  EXPECT_EQ(run(cache->get("quote:A")).value(), std::nullopt);
  ASSERT_TRUE(run(cache->set("quote:A", "1")));
  ASSERT_TRUE(run(cache->set("quote:B", std::string("\0\xff", 2))));
  EXPECT_EQ(run(cache->get("quote:A")).value(), "1");
  EXPECT_EQ(run(cache->get("quote:B")).value(), std::string("\0\xff", 2));
  ASSERT_TRUE(run(cache->set("quote:A", std::string(100'000, 'x'))));
  EXPECT_EQ(run(cache->get("quote:A")).value()->size(), 100'000U);
  ASSERT_TRUE(run(cache->remove("quote:A")));
  ASSERT_TRUE(run(cache->remove("quote:A")));
  EXPECT_EQ(run(cache->get("quote:A")).value(), std::nullopt);
}

TEST_F(lmdb_cache, forgets_a_key_when_its_life_is_over) {
  const auto cache = open();
  cache_batch all;
  all.set("value", "v", 10s)
      .push("list", "e", 5, 10s)
      .set_fields("hash", {{"f", "v"}}, 10s)
      .add_scores("scores", {{"m", 1}}, 10s)
      .set("for ever", "v");
  ASSERT_EQ(apply(*cache, all), "");
  now_ += 9999ms;
  EXPECT_EQ(run(cache->keys("")).value(), (texts{"for ever", "hash", "list", "scores", "value"}));
  now_ += 1ms;
  EXPECT_EQ(run(cache->keys("")).value(), texts{"for ever"});
  EXPECT_EQ(run(cache->get("value")).value(), std::nullopt);
  EXPECT_EQ(run(cache->range("list", 9)).value(), texts{});
  EXPECT_EQ(run(cache->get_fields("hash")).value(), fields{});
  EXPECT_EQ(run(cache->top("scores", 9)).value(), scores{});

  // What was in it before does not come back with a new life, not even as another kind.
  cache_batch again;
  again.push("list", "new", 5)
      .set_fields("hash", {{"g", "w"}})
      .add_scores("scores", {{"n", 2}})
      .push("value", "a list now", 5);
  ASSERT_EQ(apply(*cache, again), "");
  EXPECT_EQ(run(cache->range("list", 9)).value(), texts{"new"});
  EXPECT_EQ(run(cache->get_fields("hash")).value(), (fields{{"g", "w"}}));
  EXPECT_EQ(run(cache->top("scores", 9)).value(), (scores{{"n", 2}}));
  EXPECT_EQ(run(cache->range("value", 9)).value(), texts{"a list now"});
}

TEST_F(lmdb_cache, keeps_a_life_that_is_not_given_anew_except_by_set) {
  const auto cache = open();
  cache_batch first, second;
  first.push("list", "1", 5, 10s).push("renewed", "1", 5, 10s).set("value", "1", 10s);
  ASSERT_EQ(apply(*cache, first), "");
  now_ += 5s;
  second.push("list", "2", 5).push("renewed", "2", 5, 10s).set("value", "2");
  ASSERT_EQ(apply(*cache, second), "");
  now_ += 5s;
  EXPECT_EQ(run(cache->keys("")).value(), (texts{"renewed", "value"}));
}

TEST_F(lmdb_cache, sets_what_is_absent_once) {
  const auto cache = open();
  EXPECT_EQ(run(cache->set_if_absent("lock", "a", 1s)).value(), true);
  EXPECT_EQ(run(cache->set_if_absent("lock", "b", 1s)).value(), false);
  EXPECT_EQ(run(cache->get("lock")).value(), "a");
  now_ += 1s;
  EXPECT_EQ(run(cache->set_if_absent("lock", "c", 1s)).value(), true);
  EXPECT_EQ(run(cache->get("lock")).value(), "c");
}

TEST_F(lmdb_cache, keeps_the_newest_of_a_list_first) {
  const auto cache = open();
  cache_batch batch;
  for (int i = 1; i <= 5; ++i) batch.push("l", std::to_string(i), 3);
  batch.push("k", "other", 3);  // its neighbours in the file
  batch.push("m", "other", 3);
  ASSERT_EQ(apply(*cache, batch), "");
  EXPECT_EQ(run(cache->range("l", 9)).value(), (texts{"5", "4", "3"}));
  EXPECT_EQ(run(cache->range("l", 2)).value(), (texts{"5", "4"}));
  EXPECT_EQ(run(cache->range("l", 0)).value(), texts{});
  EXPECT_EQ(rows(&lmdb::tables::entries), 7U);
  // A smaller cap takes effect at the next push, and no cap at all is an empty list, which is none.
  ASSERT_EQ(apply(*cache, cache_batch().push("l", "6", 1)), "");
  EXPECT_EQ(run(cache->range("l", 9)).value(), texts{"6"});
  ASSERT_EQ(apply(*cache, cache_batch().push("l", "7", 0)), "");
  EXPECT_EQ(run(cache->keys("")).value(), (texts{"k", "m"}));
  ASSERT_EQ(apply(*cache, cache_batch().remove("k").remove("m")), "");
  EXPECT_EQ(rows(&lmdb::tables::entries), 0U);
}

TEST_F(lmdb_cache, pushes_several_entries_at_once_the_last_one_foremost) {
  const auto cache = open();
  ASSERT_EQ(apply(*cache, cache_batch().push("l", "1", 3).push_all("l", {"2", "3"}, 3).push_all("l", {}, 3)), "");
  EXPECT_EQ(run(cache->range("l", 9)).value(), (texts{"3", "2", "1"}));
  ASSERT_EQ(apply(*cache, cache_batch().push_all("l", {"4", "5", "6", "7"}, 3)), "");
  EXPECT_EQ(run(cache->range("l", 9)).value(), (texts{"7", "6", "5"}));
  ASSERT_EQ(apply(*cache, cache_batch().push_all("none", {}, 3).push_all("nor this", {"1"}, 0)), "");
  EXPECT_EQ(run(cache->keys("")).value(), texts{"l"});
}

TEST_F(lmdb_cache, removes_what_fell_off_a_list) {
  const auto cache = open();
  for (int i = 0; i < 500; ++i) ASSERT_EQ(apply(*cache, cache_batch().push("l", std::to_string(i), 10)), "");
  EXPECT_LT(rows(&lmdb::tables::entries), 10U + 32U);
  EXPECT_EQ(run(cache->range("l", 99)).value().size(), 10U);
  ASSERT_EQ(apply(*cache, cache_batch().remove("l")), "");
  EXPECT_EQ(rows(&lmdb::tables::entries), 0U);
}

TEST_F(lmdb_cache, keeps_the_fields_of_a_hash) {
  const auto cache = open();
  ASSERT_EQ(apply(*cache, cache_batch().set_fields("h", {{"b", "1"}, {"a", "2"}, {"b", "3"}})), "");
  EXPECT_EQ(run(cache->get_fields("h")).value(), (fields{{"a", "2"}, {"b", "3"}}));
  ASSERT_EQ(apply(*cache, cache_batch().set_fields("h", {{"c", ""}, {"a", std::string(5000, 'x')}})), "");
  EXPECT_EQ(run(cache->get_fields("h")).value(), (fields{{"a", std::string(5000, 'x')}, {"b", "3"}, {"c", ""}}));
  ASSERT_EQ(apply(*cache, cache_batch().set_fields("h", {{"a", "4"}, {"b", "5"}, {"d", "6"}, {"b", "7"}})), "");
  EXPECT_EQ(run(cache->get_fields("h")).value(), (fields{{"a", "4"}, {"b", "7"}, {"c", ""}, {"d", "6"}}));
  ASSERT_EQ(apply(*cache, cache_batch().set_fields("none", {})), "");
  EXPECT_EQ(run(cache->keys("")).value(), texts{"h"});
}

TEST_F(lmdb_cache, keeps_members_by_score_best_first) {
  const auto cache = open();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const scores given = {{"a", 1}, {"b", -2.5},      {"c", 1e300},    {"d", 1},
                        {"e", 0}, {"f", -infinity}, {"g", infinity}, {"h", -0.0}};
  ASSERT_EQ(apply(*cache, cache_batch().add_scores("s", given).add_scores("r", {{"z", 9}}).add_scores("t", {{"z", 9}})),
            "");
  EXPECT_EQ(
      run(cache->top("s", 9)).value(),
      (scores{{"g", infinity}, {"c", 1e300}, {"d", 1}, {"a", 1}, {"h", 0}, {"e", 0}, {"b", -2.5}, {"f", -infinity}}));
  EXPECT_EQ(run(cache->top("s", 2)).value(), (scores{{"g", infinity}, {"c", 1e300}}));
  // A new score moves a member; the same one changes nothing.
  ASSERT_EQ(apply(*cache, cache_batch().add_scores("s", {{"c", 0.5}, {"d", 1}, {"g", 3}})), "");
  EXPECT_EQ(run(cache->top("s", 4)).value(), (scores{{"g", 3}, {"d", 1}, {"a", 1}, {"c", 0.5}}));
  EXPECT_EQ(rows(&lmdb::tables::order), 10U);
}

TEST_F(lmdb_cache, trims_a_sorted_set_to_its_best) {
  const auto cache = open();
  cache_batch batch;
  for (int i = 0; i < 100; ++i) batch.add_scores("s", {{"m" + std::to_string(i), static_cast<double>(i * 37 % 100)}});
  batch.add_scores("r", {{"x", 1}}).add_scores("t", {{"x", 1}}).trim("s", 3).trim("none", 3).trim("r", 5);
  ASSERT_EQ(apply(*cache, batch), "");
  const auto best = run(cache->top("s", 100)).value();
  ASSERT_EQ(best.size(), 3U);
  EXPECT_EQ(best[0].score, 99);
  EXPECT_EQ(best[2].score, 97);
  EXPECT_EQ(rows(&lmdb::tables::scores), 5U);
  EXPECT_EQ(rows(&lmdb::tables::order), 5U);
  ASSERT_EQ(apply(*cache, cache_batch().trim("s", 0).remove("r").remove("t")), "");
  EXPECT_EQ(run(cache->keys("")).value(), texts{});
  EXPECT_EQ(rows(&lmdb::tables::scores), 0U);
  EXPECT_EQ(rows(&lmdb::tables::order), 0U);
}

TEST_F(lmdb_cache, finds_keys_by_their_beginning) {
  const auto cache = open();
  cache_batch batch;
  for (const auto* key : {"symbol:B:data", "symbol:A:data", "symbol", "tta:A:recent", "zzz"}) batch.set(key, "v");
  ASSERT_EQ(apply(*cache, batch), "");
  EXPECT_EQ(run(cache->keys("symbol:")).value(), (texts{"symbol:A:data", "symbol:B:data"}));
  EXPECT_EQ(run(cache->keys("zz")).value(), texts{"zzz"});
  EXPECT_EQ(run(cache->keys("none")).value(), texts{});
  EXPECT_EQ(run(cache->keys("")).value().size(), 5U);
}

TEST_F(lmdb_cache, says_when_a_key_holds_another_kind) {
  const auto cache = open();
  cache_batch all;
  all.set("value", "v").push("list", "e", 5).set_fields("hash", {{"f", "v"}}).add_scores("scores", {{"m", 1}});
  ASSERT_EQ(apply(*cache, all), "");
  EXPECT_EQ(run(cache->get("list")).error().doing, "cannot use key 'list' as a value: it holds a list");
  EXPECT_EQ(run(cache->range("hash", 1)).error().doing, "cannot use key 'hash' as a list: it holds a hash");
  EXPECT_EQ(run(cache->get_fields("scores")).error().doing, "cannot use key 'scores' as a hash: it holds a sorted set");
  EXPECT_EQ(run(cache->top("value", 1)).error().doing, "cannot use key 'value' as a sorted set: it holds a value");
  EXPECT_EQ(apply(*cache, cache_batch().push("value", "e", 5)),
            "cannot use key 'value' as a list: it holds a value: Invalid argument");
  EXPECT_EQ(apply(*cache, cache_batch().trim("list", 5)),
            "cannot use key 'list' as a sorted set: it holds a list: Invalid argument");
  // A value takes the place of anything, and leaves nothing of it behind.
  ASSERT_EQ(apply(*cache, cache_batch().set("list", "v").set("scores", "v").set("hash", "v")), "");
  EXPECT_EQ(run(cache->get("scores")).value(), "v");
  EXPECT_EQ(rows(&lmdb::tables::entries) + rows(&lmdb::tables::scores) + rows(&lmdb::tables::order), 0U);
}

TEST_F(lmdb_cache, makes_all_writes_of_a_batch_or_none) {
  const auto cache = open();
  ASSERT_TRUE(run(cache->set("value", "before")));
  EXPECT_NE(apply(*cache, cache_batch().set("value", "after").push("value", "e", 5)), "");
  EXPECT_EQ(run(cache->get("value")).value(), "before");
  EXPECT_EQ(apply(*cache, cache_batch()), "");
}

TEST_F(lmdb_cache, is_shared_by_all_that_open_it) {
  const auto one = open();
  auto two = open();
  ASSERT_TRUE(run(one->set("k", "v")));
  EXPECT_EQ(run(two->get("k")).value(), "v");
  two.reset();
  EXPECT_EQ(run(one->get("k")).value(), "v");
}

TEST_F(lmdb_cache, is_there_again_when_it_is_opened_again) {
  ASSERT_TRUE(run(open()->set("k", "v")));
  EXPECT_EQ(run(open()->get("k")).value(), "v");
}

TEST_F(lmdb_cache, sweeps_up_what_expired_and_nobody_asks_for) {
  const auto cache = open();
  cache_batch batch;
  for (int i = 0; i < 200; ++i) batch.push("old:" + std::to_string(i), "e", 5, 1s);
  ASSERT_EQ(apply(*cache, batch), "");
  ASSERT_EQ(rows(&lmdb::tables::keys), 200U);
  for (int i = 0; i < 8; ++i) {
    now_ += 2s;
    ASSERT_TRUE(run(cache->set("new", "v")));
  }
  EXPECT_EQ(rows(&lmdb::tables::keys), 1U);
  EXPECT_EQ(rows(&lmdb::tables::entries), 0U);
}

TEST_F(lmdb_cache, is_opened_by_its_url) {
  const auto cache = run(open_cache(io_.get_executor(), "lmdb:" + (folder_ / "deep/down") + "?size=2MiB"));
  ASSERT_TRUE(cache);
  ASSERT_TRUE(run((*cache)->set("k", "v", 1h)));
  EXPECT_EQ(run((*cache)->get("k")).value(), "v");
}
