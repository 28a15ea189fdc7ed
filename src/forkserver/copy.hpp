#pragma once
#include <initializer_list>

#include "forkserver/output_ends.hpp"

namespace lineshaft::forkserver {

/// In a copy of the fork server: prints where it is to, and has these descriptors, the standard ones, and no other.
/// Leaves the process if that cannot be.
void keep_only(const output_ends& output, std::initializer_list<int> kept);

}  // namespace lineshaft::forkserver
