#pragma once
// The settings of a process as bytes inside a launch request.
#include "channel/wire.hpp"
#include "sys/process_settings.hpp"

namespace lineshaft::channel {

void write(wire_writer& to, const sys::process_settings& settings);
void read(wire_reader& from, sys::process_settings& settings);

}  // namespace lineshaft::channel
