#pragma once
// Waiting for what must come: as long as it takes, and never longer than a machine could need under load.
#include <chrono>
#include <thread>

namespace support {

/// True as soon as `holds()` is; false after a minute, which is no measure of anything but a hang.
template <class Predicate>
bool eventually(Predicate holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace support
