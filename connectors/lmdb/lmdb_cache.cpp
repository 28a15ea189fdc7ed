#include "lmdb/lmdb_cache.hpp"

#include "lmdb/hashes.hpp"
#include "lmdb/lists.hpp"
#include "lmdb/scores.hpp"
#include "lmdb/values.hpp"

namespace lineshaft::lmdb {

namespace {
constexpr std::chrono::milliseconds sweep_interval{1000};
constexpr std::size_t keys_a_sweep = 64;

// The bytes of what a command writes, and how many changes it makes beside that of its key.
struct measure {
  std::size_t& changes;
  std::size_t& bytes;

  void operator()(const cache_write::set& write) const { bytes += write.value.size(); }
  void operator()(const cache_write::push& write) const {
    changes += write.values.size();
    for (const auto& value : write.values) bytes += value.size();
  }
  void operator()(const cache_write::set_fields& write) const {
    for (const auto& field : write.fields) bytes += 8 + field.name.size() + field.value.size();
  }
  void operator()(const cache_write::add_scores& write) const { changes += write.scores.size(); }
  void operator()(const cache_write::trim&) const {}
  void operator()(const cache_write::remove&) const {}
};

}  // namespace

lmdb_cache::extent lmdb_cache::extent_of(const cache_batch& batch) {
  extent all{batch.commands().size() + keys_a_sweep, 0};
  for (const auto& command : batch.commands()) std::visit(measure{all.changes, all.bytes}, command);
  return all;
}

template <class Work>
auto lmdb_cache::write(extent of, Work work) -> std::invoke_result_t<Work, transaction&> {
  const auto once = [&]() -> std::invoke_result_t<Work, transaction&> {
    auto within = transaction::begin(*environment_, access::read_write, clock_());
    if (!within) return std::unexpected(std::move(within.error()));
    if (auto room = within->reserve(of.changes, of.bytes); !room) return std::unexpected(std::move(room.error()));
    auto worked = work(*within);
    if (!worked) return worked;
    if (auto committed = within->commit(); !committed) return std::unexpected(std::move(committed.error()));
    return worked;
  };
  auto worked = once();
  if (!worked && worked.error().code == std::errc::no_space_on_device && environment_->drop_dead_readers())
    return once();
  return worked;
}

template <class Work>
auto lmdb_cache::read(Work work) -> std::invoke_result_t<Work, transaction&> {
  auto within = transaction::begin(*environment_, access::read_only, clock_());
  if (!within) return std::unexpected(std::move(within.error()));
  return work(*within);
}

cache::awaitable<result<>> lmdb_cache::apply(const cache_batch& batch) {
  if (batch.empty()) co_return result<>();
  co_return write(extent_of(batch), [&](transaction& to) -> result<> {
    for (const auto& command : batch.commands()) {
      auto applied = std::visit([&](const auto& each) { return lmdb::apply(to, each); }, command);
      if (!applied) return applied;
    }
    return sweep(to);
  });
}

result<> lmdb_cache::sweep(transaction& in) {
  if (in.now() < next_sweep_) return {};
  next_sweep_ = in.now() + sweep_interval;
  auto swept = in.sweep(swept_to_, keys_a_sweep);
  if (!swept) return std::unexpected(std::move(swept.error()));
  swept_to_ = std::move(*swept);
  return {};
}

cache::awaitable<result<bool>> lmdb_cache::set_if_absent(std::string key, std::string value, time_to_live life) {
  // Mostly it is there, and nobody needs to wait for the writer's lock to be told so.
  const auto is_there = [&](transaction& in) -> result<bool> {
    return in.find(key).transform([](const auto& found) { return found.has_value(); });
  };
  const auto there = read(is_there);
  if (!there || *there) co_return there.transform([](bool) { return false; });
  const cache_write::set absent{std::move(key), std::move(value), life};
  co_return write(extent{1, absent.key.size() + absent.value.size()}, [&](transaction& to) -> result<bool> {
    const auto found = to.find(absent.key);
    if (!found) return std::unexpected(found.error());
    if (*found) return false;
    return lmdb::apply(to, absent).transform([] { return true; });
  });
}

cache::awaitable<result<std::optional<std::string>>> lmdb_cache::get(std::string key) {
  co_return read([&](transaction& from) { return get_value(from, key); });
}

cache::awaitable<result<std::vector<std::string>>> lmdb_cache::range(std::string key, std::size_t count) {
  co_return read([&](transaction& from) { return get_range(from, key, count); });
}

cache::awaitable<result<std::vector<cache_field>>> lmdb_cache::get_fields(std::string key) {
  co_return read([&](transaction& from) { return lmdb::get_fields(from, key); });
}

cache::awaitable<result<std::vector<cache_score>>> lmdb_cache::top(std::string key, std::size_t count) {
  co_return read([&](transaction& from) { return get_top(from, key, count); });
}

cache::awaitable<result<std::vector<std::string>>> lmdb_cache::keys(std::string prefix) {
  co_return read([&](transaction& from) { return find_keys(from, prefix); });
}

}  // namespace lineshaft::lmdb
