#include "market_data/pipeline.hpp"

#include "market_data/workers/listener.hpp"
#include "market_data/workers/processor.hpp"

namespace market_data {
namespace {

// Aggregates are for one processor alone: of two that write rows of one stock, the later event must not lose.
bool may_be_shared(stream which) { return which == stream::trades || which == stream::quotes; }

// A crashed processor is missed: it comes back at once, and slower only if it keeps crashing.
const lineshaft::start_options supervised{.restart = {.delay = std::chrono::milliseconds(100)}};

}  // namespace

std::span<const lineshaft::worker_class> worker_classes() {
  return lineshaft::worker_classes<market_data_listener, market_data_processor>;
}

lineshaft::result<> start_processors(lineshaft::process_manager& manager, const processing_options& options) {
  for (const auto which : streams) {
    const auto queue = std::string(to_string(which));
    const unsigned count = may_be_shared(which) ? options.processors : 1;
    for (unsigned index = 0; index < count; ++index) {
      const auto name = queue + '-' + std::to_string(index);
      auto started = manager.start_worker<market_data_processor>(name, {"local:" + queue, options.cache}, supervised);
      if (!started) return std::unexpected(started.error());
    }
  }
  return {};
}

lineshaft::result<> start_listener(lineshaft::process_manager& manager, const std::string& name,
                                   const std::string& feed) {
  // Its feed would begin again from the start: that is for whoever runs the pipeline to decide.
  auto started = manager.start_worker<market_data_listener>(name, {feed, "local:"},
                                                            {.restart = {.mode = lineshaft::restart_mode::never}});
  if (!started) return std::unexpected(started.error());
  return {};
}

accounts accounts_of(const lineshaft::process_manager& manager) {
  accounts all;
  for (const auto& queue : manager.get_queues()) {
    all.fed += queue.sent;
    all.processed += queue.done;
    all.lost += queue.lost;
    all.waiting += queue.depth + queue.in_flight;
  }
  return all;
}

bool is_drained(const lineshaft::process_manager& manager, const std::string& listener) {
  return !manager.get_status(listener).alive && accounts_of(manager).waiting == 0;
}

}  // namespace market_data
