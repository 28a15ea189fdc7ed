#pragma once
// An event as a line of the plain log.
#include <string>

#include "lineshaft/event.hpp"

namespace lineshaft::cli {

/// "17:12:06.123 processor-0.2 exited: killed by SIGSEGV (core dumped)"
std::string event_line(const event& shown, bool coloured);

}  // namespace lineshaft::cli
