#include "lmdb/lists.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace lineshaft::lmdb {

namespace {

std::string entry_key(std::string_view prefix, std::uint64_t number) {
  std::string key(prefix);
  append_number(key, number);
  return key;
}

std::optional<list_content> decode_list(std::string_view content) {
  list_content list{};
  if (content.size() != sizeof list) return std::nullopt;
  std::memcpy(&list, content.data(), sizeof list);
  if (list.count > list.next) return std::nullopt;
  return list;
}

// What fell off the end of a list is removed by so many entries at a time: they lie side by side, so that this costs
// hardly more than removing one of them. Until then nobody reads them.
constexpr std::uint64_t entries_a_cut = 32;

// Removes the entries before `first`.
int cut(transaction& in, std::string_view prefix, std::uint64_t first) {
  const auto end = entry_key(prefix, first);
  cursor at(in, in.in().entries);
  for (bool more = at.seek(prefix); more && at.key().starts_with(prefix) && at.key() < end; more = at.next()) {
    if (!at.remove()) break;
  }
  return at.code();
}

}  // namespace

result<> apply(transaction& to, const cache_write::push& write) {
  const auto before = to.prepare(write.key, kind::list);
  if (!before) return std::unexpected(before.error());
  auto list = *before ? decode_list((*before)->content) : list_content{};
  if (!list) return to.damaged(write.key);
  if (write.cap == 0) return to.remove(write.key);
  if (write.values.empty() && list->count == 0) return {};
  const auto expires = to.expiry(write.life, *before);
  const auto prefix = child_prefix(write.key);
  const auto cuts = list->next / entries_a_cut;
  for (const auto& each : write.values) {
    const auto key = entry_key(prefix, list->next++);
    auto name = to_val(key), value = to_val(each);
    if (const int code = ::mdb_put(to.get(), to.in().entries, &name, &value, 0); code != 0) return to.failed(code);
  }
  list->count = std::min<std::uint64_t>(list->count + write.values.size(), write.cap);
  if (list->next / entries_a_cut != cuts) {
    if (const int code = cut(to, prefix, list->next - list->count); code != 0) return to.failed(code);
  }
  return to.store(
      write.key,
      {.is = kind::list, .expires = expires, .content = {reinterpret_cast<const char*>(&*list), sizeof *list}});
}

result<std::vector<std::string>> get_range(transaction& from, std::string_view key, std::size_t count) {
  std::vector<std::string> entries;
  const auto found = from.find(key, kind::list);
  if (!found) return std::unexpected(found.error());
  if (!*found) return entries;
  const auto list = decode_list((*found)->content);
  if (!list) return from.damaged(key);
  count = std::min<std::uint64_t>(count, list->count);
  const auto prefix = child_prefix(key);
  cursor at(from, from.in().entries);
  bool more = at.seek_before(entry_key(prefix, std::numeric_limits<std::uint64_t>::max()));
  for (; more && at.key().starts_with(prefix) && entries.size() < count; more = at.previous())
    entries.emplace_back(at.value());
  if (at.code() != 0) return from.failed(at.code());
  return entries;
}

}  // namespace lineshaft::lmdb
