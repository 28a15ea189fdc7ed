#pragma once
// `lmdb:PATH?size=`, read and checked.
#include <cstddef>
#include <string>

#include "lineshaft/connect.hpp"

namespace lineshaft::lmdb {

struct options {
  std::string path;  ///< a folder
  std::size_t size =
      std::size_t{4} << 30;  ///< the most bytes it may grow to: of address space; of the disk only what is used
};

result<options> read_options(const connector_url& url);

}  // namespace lineshaft::lmdb
