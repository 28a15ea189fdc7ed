#pragma once
// The host of the test program, made in its main().
#include "lineshaft/host.hpp"

namespace support {

lineshaft::host& host();

}  // namespace support
