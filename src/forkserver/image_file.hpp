#pragma once
// How a worker that is executed, not cloned, finds what it is to become: in a file that it inherits.
#include "channel/launch_messages.hpp"
#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::forkserver {

/// The descriptors of an executed worker's process, beside the standard three.
inline constexpr int worker_channel = 3, worker_status = 4, worker_image_file = 5;

result<unique_fd> write_image(const channel::worker_image& image);
result<channel::worker_image> read_image(int file);

}  // namespace lineshaft::forkserver
