#include "lmdb/lmdb_error.hpp"

#include <lmdb.h>

#include <string>

namespace lineshaft::lmdb {

namespace {

class lmdb_category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "lmdb"; }
  std::string message(int code) const override { return ::mdb_strerror(code); }
};

}  // namespace

std::error_code make_code(int lmdb_code) {
  static const lmdb_category category;
  if (lmdb_code == MDB_MAP_FULL) return std::make_error_code(std::errc::no_space_on_device);
  if (lmdb_code > 0) return {lmdb_code, std::generic_category()};
  return {lmdb_code, category};
}

}  // namespace lineshaft::lmdb
