#pragma once
// What a client may take of the control server before it is shown out.
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace lineshaft::control {

struct limits {
  std::size_t connections = 256;           ///< of one entrance; the one that has been silent longest makes room
  std::uint32_t header_bytes = 16 * 1024;  ///< of a request: first line and headers
  std::uint64_t body_bytes = 64 * 1024;
  std::chrono::milliseconds request_time = std::chrono::seconds(10);  ///< from its first byte to its last
  std::chrono::milliseconds idle_time = std::chrono::seconds(60);     ///< between two requests
  std::chrono::milliseconds write_time = std::chrono::seconds(10);    ///< for the client to take one piece
  std::chrono::milliseconds keep_alive = std::chrono::seconds(15);    ///< of a stream in which nothing happens
  std::chrono::milliseconds farewell = std::chrono::seconds(1);       ///< for answers under way when the server ends
};

}  // namespace lineshaft::control
