#pragma once
// A collector that takes what it is sent over HTTP, and throws it away.
#include <cstdint>
#include <thread>

namespace bench {

class collector {
 public:
  collector();
  ~collector();
  collector(const collector&) = delete;
  collector& operator=(const collector&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  void serve();

  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace bench
