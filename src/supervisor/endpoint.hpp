#pragma once
// Where a socket listens, from text: "127.0.0.1:8080", "[::1]:8080", "unix:PATH".
#include <string_view>

#include "sys/listen.hpp"

namespace lineshaft::supervisor {

/// Numbers only: a name would have to be looked up, and the supervisor never waits for that.
result<sys::endpoint> parse_endpoint(std::string_view text);

}  // namespace lineshaft::supervisor
