#pragma once
// The memory of a status block: made by the manager for one process, mapped by both.
#include <cstdint>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"
#include "sys/memory.hpp"

namespace lineshaft::status {

/// What the manager keeps: a read-only mapping. It stays readable after the worker has died.
using manager_block = sys::mapping;

struct made_block {
  manager_block view;
  unique_fd descriptor;  ///< for the worker's process
};

result<made_block> make_block();
result<sys::mapping> map_for_worker(int descriptor);

}  // namespace lineshaft::status
