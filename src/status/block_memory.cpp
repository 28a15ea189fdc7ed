#include "status/block_memory.hpp"

#include "status/layout.hpp"

namespace lineshaft::status {

result<made_block> make_block() {
  auto file = sys::sealed_memory("lineshaft-status", sizeof(block_layout));
  if (!file) return std::unexpected(file.error());
  auto view = sys::map(file->get(), sizeof(block_layout), sys::access::read_only);
  if (!view) return std::unexpected(view.error());
  return made_block{std::move(*view), std::move(*file)};
}

result<sys::mapping> map_for_worker(int descriptor) {
  return sys::map(descriptor, sizeof(block_layout), sys::access::read_write);
}

}  // namespace lineshaft::status
