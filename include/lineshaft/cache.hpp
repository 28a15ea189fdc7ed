#pragma once
// Caches: values, lists, hashes and sorted sets under keys, shared by all workers, with times to live.
// The operations are those that an embedded store and Redis both have, with Redis's meaning.
// Owned by the worker that opened it and used from its event loop's thread alone, by one coroutine at a time.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lineshaft/connect.hpp"
#include "lineshaft/error.hpp"

namespace lineshaft {

/// How long a key lives from now on. Default-made (0), a write leaves the life that the key has as it is,
/// except set(), after which it lives for ever, as in Redis.
struct time_to_live {
  std::chrono::milliseconds value{0};
  time_to_live() = default;
  template <class Rep, class Period>
  time_to_live(std::chrono::duration<Rep, Period> of)  // NOLINT(google-explicit-constructor): `4h` reads as one
      : value(std::chrono::duration_cast<std::chrono::milliseconds>(of)) {}
  explicit operator bool() const { return value.count() > 0; }
};

struct cache_field {
  std::string name, value;
  friend bool operator==(const cache_field&, const cache_field&) = default;
};

struct cache_score {
  std::string member;
  double score = 0;  ///< never NaN
  friend bool operator==(const cache_score&, const cache_score&) = default;
};

/// The writes, as data.
namespace cache_write {
struct set {
  std::string key, value;
  time_to_live life;
};
/// To the front of a list, the last one foremost; the list then keeps its `cap` newest.
struct push {
  std::string key;
  std::vector<std::string> values;
  std::size_t cap;
  time_to_live life;
};
/// These fields of a hash; its others stay.
struct set_fields {
  std::string key;
  std::vector<cache_field> fields;
  time_to_live life;
};
/// These members of a sorted set; its others stay.
struct add_scores {
  std::string key;
  std::vector<cache_score> scores;
  time_to_live life;
};
/// A sorted set keeps its `best` members with the highest scores.
struct trim {
  std::string key;
  std::size_t best;
};
struct remove {
  std::string key;
};
}  // namespace cache_write

using cache_command = std::variant<cache_write::set, cache_write::push, cache_write::set_fields,
                                   cache_write::add_scores, cache_write::trim, cache_write::remove>;

/// Writes to be made together, in this order: in LMDB one transaction, in Redis one pipeline.
class cache_batch {
 public:
  cache_batch& set(std::string key, std::string value, time_to_live life = {});
  cache_batch& push(std::string key, std::string value, std::size_t cap, time_to_live life = {});
  cache_batch& push_all(std::string key, std::vector<std::string> values, std::size_t cap, time_to_live life = {});
  cache_batch& set_fields(std::string key, std::vector<cache_field> fields, time_to_live life = {});
  cache_batch& add_scores(std::string key, std::vector<cache_score> scores, time_to_live life = {});
  cache_batch& trim(std::string key, std::size_t best);
  cache_batch& remove(std::string key);

  const std::vector<cache_command>& commands() const { return commands_; }
  bool empty() const { return commands_.empty(); }
  /// Keeps the memory for the next batch.
  void clear() { commands_.clear(); }

 private:
  std::vector<cache_command> commands_;
};

/// A key that holds another kind of value than the operation is for is an error that says so.
/// A missing or expired key reads as nothing: no value, an empty list.
class cache {
 public:
  template <class T>
  using awaitable = boost::asio::awaitable<T>;

  virtual ~cache() = default;

  /// Makes all writes. An embedded cache makes all or none; Redis each that it can, and the error is the first
  /// one's. `batch` has to outlive the call.
  virtual awaitable<result<>> apply(const cache_batch& batch) = 0;
  awaitable<result<>> set(std::string key, std::string value, time_to_live life = {});
  awaitable<result<>> remove(std::string key);

  /// True for the one that set it, false if the key was there: a throttle, or a lock that expires.
  virtual awaitable<result<bool>> set_if_absent(std::string key, std::string value, time_to_live life) = 0;

  virtual awaitable<result<std::optional<std::string>>> get(std::string key) = 0;
  /// Up to `count` entries of a list, newest first.
  virtual awaitable<result<std::vector<std::string>>> range(std::string key, std::size_t count) = 0;
  /// All fields of a hash, by name.
  virtual awaitable<result<std::vector<cache_field>>> get_fields(std::string key) = 0;
  /// The `count` members with the highest scores, best first; equal scores by member, last first (as ZREVRANGE).
  virtual awaitable<result<std::vector<cache_score>>> top(std::string key, std::size_t count) = 0;
  /// All keys that begin with `prefix`, sorted.
  virtual awaitable<result<std::vector<std::string>>> keys(std::string prefix) = 0;
};

/// Opens the cache that `url` names, "lmdb:run/cache".
opening<cache> open_cache(boost::asio::any_io_executor executor, std::string url);

}  // namespace lineshaft
