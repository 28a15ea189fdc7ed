#pragma once
// Bytes to a descriptor, in one write(2) wherever it takes all of them.
#include <string_view>

namespace lineshaft::telemetry {

/// False: it takes no more.
bool write_whole(int fd, std::string_view bytes);

}  // namespace lineshaft::telemetry
