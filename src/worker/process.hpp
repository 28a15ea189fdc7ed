#pragma once
// How a process that has been cloned or executed for it becomes a worker. No Asio here: the fork server
// includes this.
#include <chrono>
#include <span>

#include "channel/launch_messages.hpp"
#include "lineshaft/unique_fd.hpp"
#include "lineshaft/worker_class.hpp"
#include "status/block_writer.hpp"

namespace lineshaft::runtime {

/// Of a worker that something threw in, or that the process could not become: EX_SOFTWARE of sysexits.h.
inline constexpr int failed_exit_code = 70;

/// The first words of a worker's process over its channel, and what does not depend on which worker it will be.
void begin_process(int channel);

/// Runs the worker of `image` to its end and leaves the process with its exit code. Leaves by _exit(2) after
/// flushing stdio: what a static destructor would do belongs to the process that was cloned.
[[noreturn]] void become_worker(std::span<const worker_class> classes, const channel::worker_image& image,
                                unique_fd channel, unique_fd status_block);

struct lived {
  int code;                                           ///< to exit with
  std::chrono::steady_clock::time_point leave_until;  ///< what its stop may take
};
/// The part of that which is the worker's life: its loop, its object, its channel.
lived live(const worker_class& made_of, const channel::worker_image& image, unique_fd channel,
           status::block_writer& block);

}  // namespace lineshaft::runtime
