#pragma once
// Keys that hold a value.
#include "lmdb/transaction.hpp"

namespace lineshaft::lmdb {

result<> apply(transaction& to, const cache_write::set& write);
result<> apply(transaction& to, const cache_write::remove& write);
result<std::optional<std::string>> get_value(transaction& from, std::string_view key);
result<std::vector<std::string>> find_keys(transaction& from, std::string_view prefix);

}  // namespace lineshaft::lmdb
