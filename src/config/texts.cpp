#include "config/texts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstring>
#include <format>
#include <optional>

#include "base/whole_number.hpp"

namespace lineshaft::config {
namespace {

using std::chrono::milliseconds;

struct unit {
  std::string_view name;
  std::uint64_t worth;
};

constexpr std::array time_units{unit{"ms", 1}, unit{"s", 1000}, unit{"m", 60'000}, unit{"h", 3'600'000},
                                unit{"d", 86'400'000}};
constexpr std::array size_units{
    unit{"B", 1},      unit{"KiB", 1ULL << 10}, unit{"MiB", 1ULL << 20},  unit{"GiB", 1ULL << 30},
    unit{"kB", 1'000}, unit{"MB", 1'000'000},   unit{"GB", 1'000'000'000}};

// Plain decimals: neither signs nor exponents nor infinity.
std::optional<double> decimal(std::string_view text) {
  const auto fits = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  double number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (text.empty() || !std::ranges::all_of(text, fits) || ec != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

std::string names_of(std::span<const unit> units) {
  std::string names;
  for (const auto& one : units) names += (names.empty() ? "" : ", ") + std::string(one.name);
  return names;
}

// A number and one of the units.
reading<std::uint64_t> measure(std::string_view text, std::span<const unit> units) {
  const auto split = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = decimal(text.substr(0, split));
  if (!number) return std::unexpected("does not begin with a number");
  const auto name = text.substr(split);
  if (name.empty() && *number == 0) return 0;
  if (name.empty()) return std::unexpected("has no unit: one of " + names_of(units) + " follows the number");
  const auto at = std::ranges::find(units, name, &unit::name);
  if (at == units.end())
    return std::unexpected(std::format("has no such unit as '{}': there are {}", name, names_of(units)));
  const auto worth = *number * static_cast<double>(at->worth);
  if (worth > 9e15) return std::unexpected("is too large");
  return static_cast<std::uint64_t>(std::llround(worth));
}

// The largest unit without a rest.
std::string measured(std::uint64_t amount, std::span<const unit> units) {
  const unit* best = units.data();
  for (const auto& one : units) {
    if (amount % one.worth == 0 && one.worth > best->worth && amount >= one.worth) best = &one;
  }
  return std::format("{}{}", amount / best->worth, best->name);
}

std::pair<std::string_view, std::string_view> split_at(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + mark.size())};
}

reading<std::uint64_t> parse_amount(std::string_view text) {
  if (text == "unlimited") return unlimited;
  if (const auto number = whole_number<std::uint64_t>(text)) return *number;
  return parse_size(text);
}

}  // namespace

reading<milliseconds> parse_duration(std::string_view text) {
  return measure(text, time_units).transform([](std::uint64_t count) {
    return milliseconds(static_cast<milliseconds::rep>(count));
  });
}

std::string duration_text(milliseconds span) {
  return measured(static_cast<std::uint64_t>(std::max<milliseconds::rep>(span.count(), 0)), time_units);
}

reading<std::uint64_t> parse_size(std::string_view text) { return measure(text, size_units); }

std::string size_text(std::uint64_t bytes) { return measured(bytes, std::span(size_units).first(4)); }

reading<int> parse_signal(std::string_view text) {
  auto name = text;
  if (name.starts_with("SIG")) name.remove_prefix(3);
  if (name.starts_with("RTMIN")) {
    const auto offset =
        name == "RTMIN" ? std::optional(0) : whole_number<int>(name.substr(std::min(name.size(), std::size_t(6))));
    if (offset && *offset >= 0 && SIGRTMIN + *offset <= SIGRTMAX) return SIGRTMIN + *offset;
  }
  for (int signal = 1; signal < SIGRTMIN; ++signal) {
    const char* known = ::sigabbrev_np(signal);
    if (known != nullptr && name == known) return signal;
  }
  return std::unexpected("is no signal: a name such as SIGTERM, SIGINT or SIGKILL is expected");
}

std::string signal_text(int signal) {
  if (const char* name = ::sigabbrev_np(signal)) return std::format("SIG{}", name);
  return signal == SIGRTMIN ? "SIGRTMIN" : std::format("SIGRTMIN+{}", signal - SIGRTMIN);
}

reading<restart_limit> parse_restart_limit(std::string_view text) {
  const auto [count, window] = split_at(text, " in ");
  const auto number = whole_number<std::uint32_t>(count);
  if (!number || window.empty()) return std::unexpected("does not say how many in what time");
  const auto span = parse_duration(window);
  if (!span) return std::unexpected(std::format("cannot be read: '{}' {}", window, span.error()));
  if (*number == 0) return std::unexpected("allows no restart at all: that is said by mode = \"never\"");
  if (*span <= milliseconds(0)) return std::unexpected("counts in no time at all");
  return restart_limit{*number, *span};
}

std::string restart_limit_text(const restart_limit& limit) {
  return std::format("{} in {}", limit.count, duration_text(limit.window));
}

reading<stop_rung> parse_rung(std::string_view text) {
  const auto [name, grace] = split_at(text, " ");
  const auto signal = parse_signal(name);
  if (!signal) return std::unexpected(std::format("cannot be read: '{}' {}", name, signal.error()));
  if (grace.empty()) return stop_rung{*signal, {}};
  const auto span = parse_duration(grace);
  if (!span) return std::unexpected(std::format("cannot be read: '{}' {}", grace, span.error()));
  return stop_rung{*signal, *span};
}

std::string rung_text(const stop_rung& rung) {
  const auto name = signal_text(rung.signal);
  return rung.grace > milliseconds(0) ? name + " " + duration_text(rung.grace) : name;
}

reading<resource_limit> parse_resource_limit(std::string_view text) {
  const auto [soft, hard] = split_at(text, ":");
  const auto now = parse_amount(soft);
  if (!now) return std::unexpected(now.error());
  if (!text.contains(':')) return resource_limit(*now);
  const auto most = parse_amount(hard);
  if (!most) return std::unexpected(std::format("cannot be read: '{}' {}", hard, most.error()));
  if (*now > *most) return std::unexpected("has a soft limit above the hard one");
  return resource_limit(*now, *most);
}

reading<std::uint32_t> parse_umask(std::string_view text) {
  const auto number = whole_number<std::uint32_t>(text, 8);
  if (!number || *number > 0777) return std::unexpected("is no octal number from 0000 to 0777");
  return *number;
}

}  // namespace lineshaft::config
