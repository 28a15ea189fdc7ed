#pragma once
// What a manager and one process of a worker class share: its channel and its status block.
#include <memory>
#include <vector>

#include "lineshaft/unique_fd.hpp"
#include "status/block_memory.hpp"

namespace lineshaft::supervisor {

struct worker_ends {
  unique_fd channel;
  std::shared_ptr<const status::manager_block> block;
  std::vector<unique_fd> of_process;  ///< its end of the channel, and its block: channel/launch_messages.hpp
};

result<worker_ends> make_worker_ends();

}  // namespace lineshaft::supervisor
