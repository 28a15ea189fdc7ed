#include "lmdb/options.hpp"

#include <charconv>
#include <limits>
#include <optional>

namespace lineshaft::lmdb {

namespace {

// "64MiB", "1GiB", "1048576": LMDB wants whole pages, and less than one MiB is no cache.
std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc()) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  unsigned shift = 0;
  if (unit == "KiB")
    shift = 10;
  else if (unit == "MiB")
    shift = 20;
  else if (unit == "GiB")
    shift = 30;
  else if (!unit.empty() && unit != "B")
    return std::nullopt;
  if (number > std::numeric_limits<std::size_t>::max() >> shift) return std::nullopt;
  constexpr std::size_t page = 4096, smallest = std::size_t{1} << 20, largest = std::size_t{1} << 46;
  number <<= shift;
  if (number < smallest || number > largest) return std::nullopt;
  return number / page * page;
}

}  // namespace

result<options> read_options(const connector_url& url) {
  if (auto known = url.check_parameters({"size"}); !known) return std::unexpected(std::move(known.error()));
  if (url.rest.empty())
    return fail(std::errc::invalid_argument, "cannot open cache '" + url.text + "': it names no folder");
  options read{.path = url.rest};
  if (const auto size = url.parameters.find("size"); size != url.parameters.end()) {
    const auto bytes = parse_size(size->second);
    if (!bytes) {
      return fail(std::errc::invalid_argument, "cannot open cache '" + url.text + "': size is '" + size->second +
                                                   "', expected at least 1MiB, as 64MiB or 8GiB");
    }
    read.size = *bytes;
  }
  return read;
}

}  // namespace lineshaft::lmdb
