#pragma once
// Keys that hold fields. All of a hash is one record: it is read and written as a whole.
#include "lmdb/transaction.hpp"

namespace lineshaft::lmdb {

result<> apply(transaction& to, const cache_write::set_fields& write);
result<std::vector<cache_field>> get_fields(transaction& from, std::string_view key);

}  // namespace lineshaft::lmdb
