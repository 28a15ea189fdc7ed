#include "lmdb/scores.hpp"

#include <cmath>
#include <cstring>
#include <limits>

namespace lineshaft::lmdb {

namespace {

std::string order_key(std::string_view prefix, std::uint64_t sortable_score, std::string_view member) {
  std::string key(prefix);
  append_number(key, sortable_score);
  key += member;
  return key;
}

std::optional<std::uint64_t> decode_count(std::string_view content) {
  std::uint64_t count = 0;
  if (content.size() != sizeof count) return std::nullopt;
  std::memcpy(&count, content.data(), sizeof count);
  return count;
}

result<> store_count(transaction& to, std::string_view key, std::chrono::milliseconds expires, std::uint64_t count) {
  return to.store(
      key, {.is = kind::scores, .expires = expires, .content = {reinterpret_cast<const char*>(&count), sizeof count}});
}

result<> check(const cache_write::add_scores& write, const cache_score& each) {
  if (std::isnan(each.score))
    return fail(std::errc::invalid_argument,
                "cannot score '" + each.member + "' in '" + write.key + "': the score is no number");
  if (write.key.size() + each.member.size() <= key_limit) return {};
  return fail(std::errc::invalid_argument, "cannot score '" + each.member.substr(0, 40) + "…' in '" +
                                               write.key.substr(0, 40) + "': key and member are together longer than " +
                                               std::to_string(key_limit) + " bytes");
}

std::string_view bytes_of(const std::uint64_t& score) { return {reinterpret_cast<const char*>(&score), sizeof score}; }

// The members of one sorted set, in both tables.
class members {
 public:
  members(transaction& to, std::string_view key)
      : prefix_(child_prefix(key)), scores_(to, to.in().scores), order_(to, to.in().order) {}

  // Gives a member its score. An LMDB error, or 0.
  int put(const cache_score& each) {
    const auto score = sortable(each.score);
    const auto name = prefix_ + each.member;
    if (scores_.find(name) && scores_.value().size() == sizeof score) {
      std::uint64_t old_score = 0;
      std::memcpy(&old_score, scores_.value().data(), sizeof old_score);
      if (old_score == score) return 0;
      scores_.replace(bytes_of(score));
      if (order_.find(order_key(prefix_, old_score, each.member))) order_.remove();
    } else {
      scores_.put(name, bytes_of(score));
      ++added_;
    }
    if (scores_.code() == 0 && order_.code() == 0) order_.put(order_key(prefix_, score, each.member), {});
    return scores_.code() != 0 ? scores_.code() : order_.code();
  }
  std::uint64_t added() const { return added_; }

 private:
  std::string prefix_;
  cursor scores_, order_;
  std::uint64_t added_ = 0;
};

}  // namespace

result<> apply(transaction& to, const cache_write::add_scores& write) {
  const auto before = to.prepare(write.key, kind::scores);
  if (!before) return std::unexpected(before.error());
  const auto count = *before ? decode_count((*before)->content) : std::uint64_t{0};
  if (!count) return to.damaged(write.key);
  const auto expires = to.expiry(write.life, *before);
  members set(to, write.key);
  for (const auto& each : write.scores) {
    if (auto fits = check(write, each); !fits) return fits;
    if (const int code = set.put(each); code != 0) return to.failed(code);
  }
  if (*count + set.added() == 0) return {};
  return store_count(to, write.key, expires, *count + set.added());
}

result<> apply(transaction& to, const cache_write::trim& write) {
  const auto before = to.prepare(write.key, kind::scores);
  if (!before) return std::unexpected(before.error());
  if (!*before) return {};
  auto count = decode_count((*before)->content);
  if (!count) return to.damaged(write.key);
  if (*count <= write.best) return {};
  if (write.best == 0) return to.remove(write.key);
  const auto expires = (*before)->expires;
  const auto prefix = child_prefix(write.key);
  {
    cursor at(to, to.in().order);
    for (bool more = at.seek(prefix); more && *count > write.best && at.key().starts_with(prefix); more = at.next()) {
      if (at.key().size() < prefix.size() + 8) return to.damaged(write.key);
      const auto member_key = prefix + std::string(at.key().substr(prefix.size() + 8));
      auto name = to_val(member_key);
      if (const int code = ::mdb_del(to.get(), to.in().scores, &name, nullptr); code != 0 && code != MDB_NOTFOUND)
        return to.failed(code);
      if (!at.remove()) break;
      --*count;
    }
    if (at.code() != 0) return to.failed(at.code());
  }
  return store_count(to, write.key, expires, *count);
}

result<std::vector<cache_score>> get_top(transaction& from, std::string_view key, std::size_t count) {
  std::vector<cache_score> scores;
  const auto found = from.find(key, kind::scores);
  if (!found) return std::unexpected(found.error());
  if (!*found || count == 0) return scores;
  const auto prefix = child_prefix(key);
  cursor at(from, from.in().order);
  bool more = at.seek_before(order_key(prefix, std::numeric_limits<std::uint64_t>::max(), ""));
  for (; more && at.key().starts_with(prefix) && scores.size() < count; more = at.previous()) {
    const auto rest = at.key().substr(prefix.size());
    const auto score = read_number(rest);
    if (!score) return from.damaged(key);
    scores.push_back({std::string(rest.substr(8)), score_of(*score)});
  }
  if (at.code() != 0) return from.failed(at.code());
  return scores;
}

}  // namespace lineshaft::lmdb
