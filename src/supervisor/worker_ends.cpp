#include "supervisor/worker_ends.hpp"

#include "sys/socket.hpp"

namespace lineshaft::supervisor {

result<worker_ends> make_worker_ends() {
  auto ends = sys::socketpair();
  if (!ends) return std::unexpected(ends.error());
  auto block = status::make_block();
  if (!block) return std::unexpected(block.error());
  worker_ends made{std::move((*ends)[0]), std::make_shared<const status::manager_block>(std::move(block->view)), {}};
  made.of_process.push_back(std::move((*ends)[1]));
  made.of_process.push_back(std::move(block->descriptor));
  return made;
}

}  // namespace lineshaft::supervisor
