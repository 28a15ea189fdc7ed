#include "replay/options.hpp"

#include <charconv>
#include <cmath>

namespace lineshaft::replay {

namespace {

std::unexpected<error> wrong(const connector_url& url, const std::string& key, const std::string& expected) {
  return fail(std::errc::invalid_argument, "cannot open feed '" + url.text + "': " + key + " is '" +
                                               url.parameters.at(key) + "', expected " + expected);
}

}  // namespace

result<options> read_options(const connector_url& url) {
  if (auto known = url.check_parameters({"speed", "loop", "symbol"}); !known)
    return std::unexpected(std::move(known.error()));
  if (url.rest.empty())
    return fail(std::errc::invalid_argument, "cannot open feed '" + url.text + "': it names no file");
  options read{.path = url.rest};
  for (const auto& [key, value] : url.parameters) {
    if (key == "symbol") read.symbol = value;
    if (key == "loop") {
      if (value != "true" && value != "false") return wrong(url, key, "true or false");
      read.loop = value == "true";
    }
    if (key == "speed") {
      const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), read.speed);
      const bool number = code == std::errc() && end == value.data() + value.size() && std::isfinite(read.speed);
      if (!number || read.speed < 0) return wrong(url, key, "a number that is not negative");
    }
  }
  return read;
}

}  // namespace lineshaft::replay
