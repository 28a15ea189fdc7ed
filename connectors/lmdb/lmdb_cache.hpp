#pragma once
// The cache interface over one LMDB file. Every operation is one transaction, made at once on the calling
// thread: a read never waits; a write waits for the process that is just writing, which takes as long as its batch.
#include <functional>
#include <memory>

#include "lineshaft/cache.hpp"
#include "lmdb/environment.hpp"
#include "lmdb/transaction.hpp"

namespace lineshaft::lmdb {

class lmdb_cache final : public cache {
 public:
  /// Time since the epoch.
  using wall_clock = std::function<std::chrono::milliseconds()>;

  lmdb_cache(std::shared_ptr<environment> in, wall_clock clock)
      : environment_(std::move(in)), clock_(std::move(clock)) {}

  awaitable<result<>> apply(const cache_batch& batch) override;
  awaitable<result<bool>> set_if_absent(std::string key, std::string value, time_to_live life) override;
  awaitable<result<std::optional<std::string>>> get(std::string key) override;
  awaitable<result<std::vector<std::string>>> range(std::string key, std::size_t count) override;
  awaitable<result<std::vector<cache_field>>> get_fields(std::string key) override;
  awaitable<result<std::vector<cache_score>>> top(std::string key, std::size_t count) override;
  awaitable<result<std::vector<std::string>>> keys(std::string prefix) override;

 private:
  /// How much a batch writes.
  struct extent {
    std::size_t changes, bytes;
  };
  static extent extent_of(const cache_batch& batch);

  /// `work(transaction&)` in a transaction of its own, committed if it succeeds. Once more, if the map was full
  /// because of readers that died.
  template <class Work>
  auto write(extent of, Work work) -> std::invoke_result_t<Work, transaction&>;
  template <class Work>
  auto read(Work work) -> std::invoke_result_t<Work, transaction&>;
  /// Now and then removes a few keys that expired and that nobody asks for any more.
  result<> sweep(transaction& in);

  std::shared_ptr<environment> environment_;
  wall_clock clock_;
  std::string swept_to_;
  std::chrono::milliseconds next_sweep_{0};
};

}  // namespace lineshaft::lmdb
