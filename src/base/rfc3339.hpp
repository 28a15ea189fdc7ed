#pragma once
// A moment on the wall as RFC 3339 has it, in UTC: "2026-11-24T17:12:06.123Z". Such texts sort as the moments do.
#include <chrono>
#include <format>
#include <string>

namespace lineshaft {

template <class Precision = std::chrono::milliseconds>
std::string rfc3339(std::chrono::system_clock::time_point time) {
  return std::format("{:%FT%T}Z", std::chrono::floor<Precision>(time));
}

}  // namespace lineshaft
