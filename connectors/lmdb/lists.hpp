#pragma once
// Keys that hold a list, newest first.
#include "lmdb/transaction.hpp"

namespace lineshaft::lmdb {

result<> apply(transaction& to, const cache_write::push& write);
result<std::vector<std::string>> get_range(transaction& from, std::string_view key, std::size_t count);

}  // namespace lineshaft::lmdb
