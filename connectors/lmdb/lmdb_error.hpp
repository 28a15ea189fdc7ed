#pragma once
// What LMDB's calls return, as an error_code.
#include <system_error>

namespace lineshaft::lmdb {

/// errno where it is one; the full map and the full disk are both std::errc::no_space_on_device; LMDB's own codes
/// in a category of their own, with LMDB's own words.
std::error_code make_code(int lmdb_code);

}  // namespace lineshaft::lmdb
