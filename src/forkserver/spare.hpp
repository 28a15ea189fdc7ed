#pragma once
// A copy of the fork server made before anybody needs it: a worker that becomes it saves the copying and the way by the
// fork server, which are most of a start. And somebody who is left to end the manager's workers, when it and the fork
// server have been killed at once (ADR 4).
#include <span>

#include "lineshaft/unique_fd.hpp"
#include "lineshaft/worker_class.hpp"

namespace lineshaft::forkserver {

struct spare_ends {
  unique_fd channel, status;  ///< of the worker that it will be
  unique_fd manager;          ///< the handle of the manager's process, by which its death is known
};

/// In that copy. Says hello over its channel, where the first packet says what to become.
[[noreturn]] void become_spare(std::span<const worker_class> classes, spare_ends ends);

}  // namespace lineshaft::forkserver
