#pragma once
// Where a socket listens, from text: "127.0.0.1:8080", "[::1]:8080", "unix:PATH".
#include <map>
#include <string>
#include <string_view>

#include "sys/listen.hpp"

namespace lineshaft::supervisor {

/// Numbers only: a name would have to be looked up, and the supervisor never waits for that.
result<sys::endpoint> parse_endpoint(std::string_view text);

/// What a worker declares that it listens at: the names as in sd_listen_fds_with_names(3).
result<> check_listen(const std::map<std::string, std::string>& wanted);

}  // namespace lineshaft::supervisor
