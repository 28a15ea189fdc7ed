// A status block that its worker has scribbled over.
#include <cstring>
#include <vector>

#include "input.hpp"
#include "lineshaft/status.hpp"
#include "status/block_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // As it is mapped: aligned as atomics want it.
  std::vector<std::uint64_t> memory((size + 7) / 8);
  if (size > 0) std::memcpy(memory.data(), data, size);
  const auto bytes = std::as_bytes(std::span(memory)).first(size);
  lineshaft::worker_status status;
  status.name = "fuzzed";
  status.generation = 1;
  status.metrics = lineshaft::status::read_figures(bytes).metrics;
  (void)lineshaft::status::read_beat(bytes);
  (void)lineshaft::to_json(status);
  return 0;
}
