// A status block that its worker has scribbled over. What the input does not reach is zero, as in a new block.
#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include "input.hpp"
#include "lineshaft/status.hpp"
#include "status/block_reader.hpp"
#include "status/layout.hpp"

namespace {

void read(std::span<const std::byte> block) {
  lineshaft::worker_status status;
  status.name = "fuzzed";
  status.generation = 1;
  status.metrics = lineshaft::status::read_figures(block).metrics;
  (void)lineshaft::to_json(status);
  (void)lineshaft::status::read_beat(block);
  (void)lineshaft::status::read_undelivered(block);
  std::map<std::string, std::string> help;
  lineshaft::status::read_help(block, help);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // As it is mapped: aligned as atomics want it.
  std::vector<std::uint64_t> memory((std::max(size, sizeof(lineshaft::status::block_layout)) + 7) / 8);
  if (size > 0) std::memcpy(memory.data(), data, size);
  const auto bytes = std::as_bytes(std::span(memory));
  read(bytes);
  read(bytes.first(size));
  return 0;
}
