#include "lmdb/transaction.hpp"

#include <cstring>
#include <utility>

#include "lmdb/lmdb_error.hpp"

namespace lineshaft::lmdb {

result<transaction> transaction::begin(environment& in, access how, std::chrono::milliseconds now) {
  transaction begun(in, how, now);
  const unsigned flags = how == access::read_only ? MDB_RDONLY : 0U;
  const auto begin = [&] { return ::mdb_txn_begin(in.get(), nullptr, flags, &begun.transaction_); };
  int code = begin();
  if (code == MDB_MAP_RESIZED) code = in.adopt_size() == 0 ? begin() : code;
  if (code == MDB_READERS_FULL && in.drop_dead_readers()) code = begin();
  if (code != 0) return begun.failed(code);
  return begun;
}

transaction::transaction(transaction&& other) noexcept
    : environment_(other.environment_),
      transaction_(std::exchange(other.transaction_, nullptr)),
      how_(other.how_),
      now_(other.now_) {}

transaction::~transaction() {
  if (transaction_ != nullptr) ::mdb_txn_abort(transaction_);
}

result<> transaction::commit() {
  const int code = ::mdb_txn_commit(std::exchange(transaction_, nullptr));
  if (code != 0) return failed(code);
  return {};
}

result<> transaction::reserve(std::size_t changes, std::size_t bytes) {
  // A change copies the pages on the way to it in up to three tables, of which changes of one batch share most.
  constexpr std::size_t bytes_a_change = std::size_t{32} << 10;
  if (const int code = environment_->reserve(changes * bytes_a_change + 2 * bytes); code != 0) return failed(code);
  return {};
}

std::unexpected<error> transaction::failed(int lmdb_code) const {
  return fail(make_code(lmdb_code), (how_ == access::read_only ? "cannot read cache '" : "cannot write to cache '") +
                                        environment_->path() + "'");
}

std::unexpected<error> transaction::damaged(std::string_view key) const {
  return fail("cannot read key '" + std::string(key) + "' of cache '" + environment_->path() +
              "': the file is damaged");
}

result<std::optional<record>> transaction::load(std::string_view key) {
  auto name = to_val(key);
  MDB_val value;
  const int code =
      key.empty() || key.size() > key_limit ? MDB_NOTFOUND : ::mdb_get(transaction_, in().keys, &name, &value);
  if (code == MDB_NOTFOUND) return std::nullopt;
  if (code != 0) return failed(code);
  const auto found = decode_record({static_cast<const char*>(value.mv_data), value.mv_size});
  if (!found) return damaged(key);
  return found;
}

result<std::optional<record>> transaction::find(std::string_view key) {
  auto found = load(key);
  if (found && *found && has_expired(**found)) return std::nullopt;
  return found;
}

result<std::optional<record>> transaction::find(std::string_view key, kind is) {
  auto found = find(key);
  if (!found || !*found) return found;
  if (auto right = check_kind(key, **found, is); !right) return std::unexpected(std::move(right.error()));
  return found;
}

result<> transaction::check_kind(std::string_view key, const record& found, kind is) const {
  if (found.is == is) return {};
  return fail(std::errc::invalid_argument, "cannot use key '" + std::string(key) + "' as " +
                                               std::string(to_string(is)) + ": it holds " +
                                               std::string(to_string(found.is)));
}

result<> transaction::check_name(std::string_view key) const {
  if (key.empty()) return fail(std::errc::invalid_argument, "cannot write a key without a name");
  if (key.size() <= key_limit) return {};
  return fail(std::errc::invalid_argument, "cannot write key '" + std::string(key.substr(0, 40)) +
                                               "…': it is longer than " + std::to_string(key_limit) + " bytes");
}

result<std::optional<record>> transaction::prepare(std::string_view key, kind is) {
  if (auto named = check_name(key); !named) return std::unexpected(std::move(named.error()));
  auto found = load(key);
  if (!found || !*found) return found;
  if (has_expired(**found)) {
    if (auto removed = remove(key); !removed) return std::unexpected(std::move(removed.error()));
    return std::nullopt;
  }
  if (auto right = check_kind(key, **found, is); !right) return std::unexpected(std::move(right.error()));
  return found;
}

result<> transaction::make_way(std::string_view key) {
  if (auto named = check_name(key); !named) return named;
  const auto found = load(key);
  if (!found) return std::unexpected(found.error());
  return *found ? remove_children(key, (*found)->is) : result<>();
}

std::chrono::milliseconds transaction::expiry(time_to_live life, const std::optional<record>& before) const {
  if (life) return now_ + life.value;
  return before ? before->expires : std::chrono::milliseconds(0);
}

result<> transaction::store(std::string_view key, const record& what) {
  auto name = to_val(key);
  const record_header header{what.expires.count(), static_cast<std::uint32_t>(what.is), 0};
  MDB_val space{sizeof header + what.content.size(), nullptr};
  if (const int code = ::mdb_put(transaction_, in().keys, &name, &space, MDB_RESERVE); code != 0) return failed(code);
  std::memcpy(space.mv_data, &header, sizeof header);
  std::memcpy(static_cast<char*>(space.mv_data) + sizeof header, what.content.data(), what.content.size());
  return {};
}

result<> transaction::remove(std::string_view key) {
  const auto found = load(key);
  if (!found) return std::unexpected(found.error());
  if (!*found) return {};
  if (auto removed = remove_children(key, (*found)->is); !removed) return removed;
  auto name = to_val(key);
  const int code = ::mdb_del(transaction_, in().keys, &name, nullptr);
  if (code != 0) return failed(code);
  return {};
}

result<> transaction::remove_children(std::string_view key, kind is) {
  if (is == kind::value || is == kind::hash) return {};
  const auto prefix = child_prefix(key);
  if (is == kind::list) return remove_range(in().entries, prefix);
  if (auto removed = remove_range(in().scores, prefix); !removed) return removed;
  return remove_range(in().order, prefix);
}

result<> transaction::remove_range(MDB_dbi table, std::string_view prefix) {
  cursor at(*this, table);
  for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
    if (!at.remove()) break;
  }
  if (at.code() != 0) return failed(at.code());
  return {};
}

result<std::string> transaction::sweep(const std::string& after, std::size_t count) {
  std::vector<std::string> expired;
  std::string last;
  {
    cursor at(*this, in().keys);
    bool more = at.seek(after + '\0');
    for (std::size_t seen = 0; more && seen < count; ++seen, more = at.next()) {
      last = at.key();
      const auto found = decode_record(at.value());
      if (found && has_expired(*found)) expired.push_back(last);
    }
    if (at.code() != 0) return failed(at.code());
    if (!more) last.clear();
  }
  for (const auto& key : expired) {
    if (auto removed = remove(key); !removed) return std::unexpected(removed.error());
  }
  return last;
}

bool cursor::find(std::string_view key) {
  if (code_ == MDB_NOTFOUND) code_ = 0;
  key_ = to_val(key);
  return get(MDB_SET_KEY);
}

bool cursor::put(std::string_view key, std::string_view value, unsigned flags) {
  if (code_ == MDB_NOTFOUND) code_ = 0;
  auto name = to_val(key), bytes = to_val(value);
  return code_ == 0 && (code_ = ::mdb_cursor_put(cursor_, &name, &bytes, flags)) == 0;
}

bool cursor::seek(std::string_view key) {
  key_ = to_val(key);
  return get(key.empty() ? MDB_FIRST : MDB_SET_RANGE);
}

bool cursor::seek_before(std::string_view key) {
  if (seek(key)) return previous();
  if (code_ != MDB_NOTFOUND) return false;
  code_ = 0;
  return get(MDB_LAST);
}

}  // namespace lineshaft::lmdb
