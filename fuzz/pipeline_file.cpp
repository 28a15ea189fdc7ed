// A pipeline file: read, and said again as a plan, or faults with their places.
#include "config/load.hpp"
#include "input.hpp"

using namespace lineshaft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const config::source file{"fuzzed.toml", std::string(fuzz::text(data, size))};
  const auto loaded = config::load(
      std::span(&file, 1),
      {{}, {}, [](std::string_view name) { return name == "HOME" ? std::optional<std::string>("/h") : std::nullopt; }});
  if (loaded) return 0;
  fuzz::must(!loaded.error().empty());
  for (const auto& one : loaded.error()) {
    fuzz::must(!config::to_text(one).empty());
    (void)config::to_json(one);
  }
  return 0;
}
