#pragma once
// The bytes of a fuzzer, taken apart.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}
inline std::span<const std::byte> bytes(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}
/// Up to the first line end, and what is behind it.
inline std::pair<std::string_view, std::string_view> first_line(std::string_view all) {
  const auto end = all.find('\n');
  return end == all.npos ? std::pair(all, std::string_view()) : std::pair(all.substr(0, end), all.substr(end + 1));
}
/// A property of the product that must hold whatever the input is.
inline void must(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace fuzz
