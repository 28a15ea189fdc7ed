#pragma once
// The log of this process: `log::info("connected to {}", url)`. A line on standard error, as text or as JSON, and a log
// record of OpenTelemetry where log records are exported; in both the trace and span that are current. From any thread.
// What is written, and how, is said by LINESHAFT_LOG_LEVEL and LINESHAFT_LOG_FORMAT.
#include <concepts>
#include <cstdint>
#include <format>
#include <source_location>
#include <string_view>
#include <type_traits>
#include <utility>

namespace lineshaft::log {

enum class level : std::uint8_t {
  error = 1,  ///< it could not be done
  warn,       ///< it was done, and somebody should look at it
  info,
  debug,
};

/// Whether lines of this level are written: for what costs something to find out.
bool wanted(level level);
/// One line as it is, by whoever stands at `where`.
void write(level level, const std::source_location& where, std::string_view text);

/// The text of a line, as std::format takes it, and the place where it is written. Made by the compiler.
template <class... Args>
struct located_format {
  template <std::convertible_to<std::string_view> Text>
  consteval located_format(const Text& what, std::source_location here = std::source_location::current())
      : text(what), where(here) {}

  std::format_string<Args...> text;
  std::source_location where;
};

/// Arguments are only looked at where the level is wanted.
template <class... Args>
void error(located_format<std::type_identity_t<Args>...> what, Args&&... args) {
  if (wanted(level::error)) write(level::error, what.where, std::format(what.text, std::forward<Args>(args)...));
}
template <class... Args>
void warn(located_format<std::type_identity_t<Args>...> what, Args&&... args) {
  if (wanted(level::warn)) write(level::warn, what.where, std::format(what.text, std::forward<Args>(args)...));
}
template <class... Args>
void info(located_format<std::type_identity_t<Args>...> what, Args&&... args) {
  if (wanted(level::info)) write(level::info, what.where, std::format(what.text, std::forward<Args>(args)...));
}
template <class... Args>
void debug(located_format<std::type_identity_t<Args>...> what, Args&&... args) {
  if (wanted(level::debug)) write(level::debug, what.where, std::format(what.text, std::forward<Args>(args)...));
}

}  // namespace lineshaft::log
