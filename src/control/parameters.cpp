#include "control/parameters.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstring>

#include "base/whole_number.hpp"

namespace lineshaft::control {
namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

std::string as_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::optional<int> parse_signal(std::string_view text) {
  if (const auto number = whole_number<std::uint64_t>(text)) {
    return *number >= 1 && *number <= static_cast<unsigned>(SIGRTMAX) ? std::optional<int>(*number) : std::nullopt;
  }
  if (text.starts_with("SIG")) text.remove_prefix(3);
  for (int number = 1; number < SIGRTMIN; ++number) {
    const auto* name = ::sigabbrev_np(number);
    if (name != nullptr && text == name) return number;
  }
  return std::nullopt;
}

}  // namespace

result<parameters> parameters::of(std::map<std::string, std::string> query, std::string_view body) {
  parameters made;
  made.values_ = std::move(query);
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return made;
  boost::system::error_code ec;
  // Nobody needs a deep one, and its depth would be this thread's stack.
  const auto parsed = json::parse(body, ec, {}, {.max_depth = 8});
  if (ec) return fail("the body is no JSON: " + ec.message());
  const auto* members = parsed.if_object();
  if (members == nullptr) return fail("the body is no JSON object");
  for (const auto& [name, value] : *members) {
    if (!made.values_.emplace(name, as_text(value)).second) {
      return fail("'" + std::string(name) + "' stands in the query and in the body");
    }
  }
  return made;
}

std::optional<std::string> parameters::text(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

result<std::optional<milliseconds>> parameters::duration(const std::string& name) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  std::string_view digits = *given;
  const auto unit = digits.substr(std::min(digits.find_first_not_of("0123456789"), digits.size()));
  digits.remove_suffix(unit.size());
  const auto number = whole_number<std::uint64_t>(digits);
  const std::uint64_t scale = unit == "ms"  ? 1
                              : unit == "s" ? 1000
                              : unit == "m" ? 60'000
                              : unit == "h" ? 3'600'000
                                            : 0;
  if (!number || scale == 0 || *number > 24 * 3'600'000 / scale) {
    return fail("'" + name + "' is '" + *given + "': a duration of at most a day is expected, such as 500ms, 8s or 2m");
  }
  return milliseconds(*number * scale);
}

result<std::optional<std::uint64_t>> parameters::number(const std::string& name, std::uint64_t most) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto number = whole_number<std::uint64_t>(*given);
  if (!number || *number > most) {
    return fail("'" + name + "' is '" + *given + "': a number from 0 to " + std::to_string(most) + " is expected");
  }
  return *number;
}

result<bool> parameters::boolean(const std::string& name, bool otherwise) const {
  const auto given = text(name);
  if (!given) return otherwise;
  if (*given == "true" || given->empty() || *given == "1") return true;
  if (*given == "false" || *given == "0") return false;
  return fail("'" + name + "' is '" + *given + "': true or false is expected");
}

result<std::optional<int>> parameters::signal(const std::string& name) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto number = parse_signal(*given);
  if (!number) return fail("'" + name + "' is '" + *given + "': a signal is expected, such as SIGHUP or 1");
  return *number;
}

std::optional<std::string> parameters::unknown(std::span<const parameter> known) const {
  for (const auto& [name, value] : values_) {
    if (!std::ranges::contains(known, name, &parameter::name)) return name;
  }
  return std::nullopt;
}

}  // namespace lineshaft::control
