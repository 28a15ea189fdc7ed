#pragma once
// Times, sizes, signals and the like as people write them, in pipeline files and on the command line. Each reading
// comes with its writing: what is written is read back as the same.
#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "lineshaft/worker_spec.hpp"

namespace lineshaft::config {

/// Or what is wrong with it, as the end of a sentence that begins with the text: "has no unit".
template <class T>
using reading = std::expected<T, std::string>;

/// "500ms", "10s", "1.5m", "6h", "2d"; "0" needs no unit.
reading<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string duration_text(std::chrono::milliseconds span);

/// Bytes: "4096B", "50MiB", "2GB"; "0" needs no unit.
reading<std::uint64_t> parse_size(std::string_view text);
std::string size_text(std::uint64_t bytes);

/// "SIGTERM", "TERM", "SIGRTMIN+1"
reading<int> parse_signal(std::string_view text);
std::string signal_text(int signal);

/// "5 in 60s"
reading<restart_limit> parse_restart_limit(std::string_view text);
std::string restart_limit_text(const restart_limit& limit);

/// "SIGTERM 5s", "SIGTERM": with what is left of the time
reading<stop_rung> parse_rung(std::string_view text);
std::string rung_text(const stop_rung& rung);

/// "1024", "1024:4096" (soft:hard), "unlimited", "8GiB"
reading<resource_limit> parse_resource_limit(std::string_view text);

/// "0027": octal
reading<std::uint32_t> parse_umask(std::string_view text);

}  // namespace lineshaft::config
