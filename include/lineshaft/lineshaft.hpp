#pragma once
// Everything that a program around the library, and a worker class in it, needs.
#include <boost/asio/awaitable.hpp>      // IWYU pragma: export
#include <boost/asio/co_spawn.hpp>       // IWYU pragma: export
#include <boost/asio/steady_timer.hpp>   // IWYU pragma: export
#include <boost/asio/use_awaitable.hpp>  // IWYU pragma: export
#include <boost/describe/class.hpp>      // IWYU pragma: export
#include <boost/json/serialize.hpp>      // IWYU pragma: export
#include <chrono>                        // IWYU pragma: export
#include <iostream>                      // IWYU pragma: export
#include <string>                        // IWYU pragma: export
#include <thread>                        // IWYU pragma: export

#include "lineshaft/error.hpp"            // IWYU pragma: export
#include "lineshaft/event.hpp"            // IWYU pragma: export
#include "lineshaft/host.hpp"             // IWYU pragma: export
#include "lineshaft/main.hpp"             // IWYU pragma: export
#include "lineshaft/manager_options.hpp"  // IWYU pragma: export
#include "lineshaft/metrics.hpp"          // IWYU pragma: export
#include "lineshaft/options.hpp"          // IWYU pragma: export
#include "lineshaft/output_options.hpp"   // IWYU pragma: export
#include "lineshaft/output_status.hpp"    // IWYU pragma: export
#include "lineshaft/pipeline.hpp"         // IWYU pragma: export
#include "lineshaft/process_manager.hpp"  // IWYU pragma: export
#include "lineshaft/resource_limits.hpp"  // IWYU pragma: export
#include "lineshaft/status.hpp"           // IWYU pragma: export
#include "lineshaft/trace_context.hpp"    // IWYU pragma: export
#include "lineshaft/worker.hpp"           // IWYU pragma: export
#include "lineshaft/worker_class.hpp"     // IWYU pragma: export
#include "lineshaft/worker_spec.hpp"      // IWYU pragma: export
