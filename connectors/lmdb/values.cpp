#include "lmdb/values.hpp"

namespace lineshaft::lmdb {

result<> apply(transaction& to, const cache_write::set& write) {
  if (auto ready = to.make_way(write.key); !ready) return ready;
  return to.store(write.key,
                  {.is = kind::value, .expires = to.expiry(write.life, std::nullopt), .content = write.value});
}

result<> apply(transaction& to, const cache_write::remove& write) { return to.remove(write.key); }

result<std::optional<std::string>> get_value(transaction& from, std::string_view key) {
  const auto found = from.find(key, kind::value);
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return std::string((*found)->content);
}

result<std::vector<std::string>> find_keys(transaction& from, std::string_view prefix) {
  std::vector<std::string> keys;
  cursor at(from, from.in().keys);
  for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
    const auto found = decode_record(at.value());
    if (!found) return from.damaged(at.key());
    if (found->expires.count() == 0 || found->expires > from.now()) keys.emplace_back(at.key());
  }
  if (at.code() != 0) return from.failed(at.code());
  return keys;
}

}  // namespace lineshaft::lmdb
