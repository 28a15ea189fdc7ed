#pragma once
// Keys that hold a sorted set: members with scores.
#include "lmdb/transaction.hpp"

namespace lineshaft::lmdb {

result<> apply(transaction& to, const cache_write::add_scores& write);
result<> apply(transaction& to, const cache_write::trim& write);
result<std::vector<cache_score>> get_top(transaction& from, std::string_view key, std::size_t count);

}  // namespace lineshaft::lmdb
