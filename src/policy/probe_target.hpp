#pragma once
// What is asked whether a worker is ready, from text: "tcp:127.0.0.1:6400", "http://localhost:8080/ready".
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lineshaft/error.hpp"
#include "lineshaft/worker_spec.hpp"

namespace lineshaft::policy {

struct probe_target {
  std::string address;  ///< numeric
  std::uint16_t port = 0;
  std::string host;  ///< as it was written: HTTP's Host
  std::string path;  ///< of HTTP, with its query; empty: to be connected is enough

  friend bool operator==(const probe_target&, const probe_target&) = default;
};

/// Numbers and "localhost" only: a name would have to be looked up, and the supervisor never waits for that. The
/// `http:` before a URL may be left out.
result<probe_target> parse_probe(std::string_view text);
/// Of a worker that is ready when its probe answers; none for another.
result<std::optional<probe_target>> probe_of(const start_options& how);

}  // namespace lineshaft::policy
