#pragma once
// One LMDB transaction at one point in time, and what all kinds of keys have in common.
#include <lmdb.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "lineshaft/cache.hpp"
#include "lmdb/environment.hpp"
#include "lmdb/layout.hpp"

namespace lineshaft::lmdb {

class transaction {
 public:
  /// `now`, since the epoch, decides what has expired.
  static result<transaction> begin(environment& in, access how, std::chrono::milliseconds now);
  transaction(transaction&& other) noexcept;
  transaction& operator=(transaction&&) = delete;
  /// Undoes what was not committed.
  ~transaction();
  result<> commit();

  /// Before a write of so many keys and members, of so many bytes in all: an error if there is no room for it.
  result<> reserve(std::size_t changes, std::size_t bytes);

  /// The record of a key, of whatever kind; nothing if it has expired.
  result<std::optional<record>> find(std::string_view key);
  /// The same, but of this kind: another one is an error.
  result<std::optional<record>> find(std::string_view key, kind is);
  /// The same, before a write: what is left of an expired key is removed, and the length of the key is checked.
  result<std::optional<record>> prepare(std::string_view key, kind is);
  /// Before a value takes the place of whatever the key holds: what else belongs to it is removed.
  result<> make_way(std::string_view key);
  /// When a key expires after a write that gives it `life`; `before` is what it was, if it was.
  std::chrono::milliseconds expiry(time_to_live life, const std::optional<record>& before) const;
  result<> store(std::string_view key, const record& what);
  /// Removes a key and all that belongs to it. A key that is not there is removed already.
  result<> remove(std::string_view key);
  /// Removes what has expired among the `count` keys behind `after`; gives the last one looked at, or "" at the end.
  result<std::string> sweep(const std::string& after, std::size_t count);

  std::chrono::milliseconds now() const { return now_; }
  MDB_txn* get() const { return transaction_; }
  const tables& in() const { return environment_->open_tables(); }
  /// "cannot read cache 'run/cache'" or "cannot write to …", with LMDB's reason.
  std::unexpected<error> failed(int lmdb_code) const;
  std::unexpected<error> damaged(std::string_view key) const;

 private:
  transaction(environment& in, access how, std::chrono::milliseconds now) : environment_(&in), how_(how), now_(now) {}
  bool has_expired(const record& what) const { return what.expires.count() != 0 && what.expires <= now_; }
  result<> check_name(std::string_view key) const;
  /// An error unless the record is of this kind.
  result<> check_kind(std::string_view key, const record& found, kind is) const;
  /// The record of a key, expired or not.
  result<std::optional<record>> load(std::string_view key);
  result<> remove_children(std::string_view key, kind is);
  result<> remove_range(MDB_dbi table, std::string_view prefix);

  environment* environment_;
  MDB_txn* transaction_ = nullptr;
  access how_;
  std::chrono::milliseconds now_;
};

/// Bytes as LMDB takes them. It does not write through the pointer.
inline MDB_val to_val(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }

/// A walk over a table, closed with its scope: before its transaction ends.
class cursor {
 public:
  cursor(const transaction& in, MDB_dbi table) { code_ = ::mdb_cursor_open(in.get(), table, &cursor_); }
  ~cursor() {
    if (cursor_ != nullptr) ::mdb_cursor_close(cursor_);
  }
  cursor(const cursor&) = delete;
  cursor& operator=(const cursor&) = delete;

  /// To this key. False: it is not there, or there was an error.
  bool find(std::string_view key);
  /// To the first key that is not before `key`. False: there is none, or there was an error.
  bool seek(std::string_view key);
  /// To the last key that is before `key`.
  bool seek_before(std::string_view key);
  bool next() { return get(MDB_NEXT); }
  bool previous() { return get(MDB_PREV); }
  /// Removes what it stands on; next() then goes to what followed.
  bool remove() { return (code_ = ::mdb_cursor_del(cursor_, 0)) == 0; }
  /// Gives this key this value.
  bool put(std::string_view key, std::string_view value) { return put(key, value, 0); }
  /// Gives what it stands on another value, without looking for it again.
  bool replace(std::string_view value) { return put(key(), value, MDB_CURRENT); }

  std::string_view key() const { return {static_cast<const char*>(key_.mv_data), key_.mv_size}; }
  std::string_view value() const { return {static_cast<const char*>(value_.mv_data), value_.mv_size}; }
  /// 0, or what went wrong; the end of the table is nothing wrong.
  int code() const { return code_ == MDB_NOTFOUND ? 0 : code_; }

 private:
  bool get(MDB_cursor_op operation) {
    return code_ == 0 && (code_ = ::mdb_cursor_get(cursor_, &key_, &value_, operation)) == 0;
  }
  bool put(std::string_view key, std::string_view value, unsigned flags);

  MDB_cursor* cursor_ = nullptr;
  MDB_val key_{}, value_{};
  int code_ = 0;
};

}  // namespace lineshaft::lmdb
