#include "market_data/pipeline.hpp"

#include "market_data/workers/listener.hpp"
#include "market_data/workers/processor.hpp"

namespace market_data {
namespace {

bool is_busy(stream which) { return which == stream::trades || which == stream::aggregate || which == stream::quotes; }

// A crashed processor is missed: it comes back at once, and slower only if it keeps crashing.
const lineshaft::start_options supervised{.restart = {.delay = std::chrono::milliseconds(100)}};

}  // namespace

std::span<const lineshaft::worker_class> worker_classes() {
  return lineshaft::worker_classes<market_data_listener, market_data_processor>;
}

lineshaft::result<> start(lineshaft::process_manager& manager, const pipeline_options& options) {
  for (const auto which : streams) {
    const auto queue = std::string(to_string(which));
    const unsigned count = is_busy(which) ? options.processors : 1;
    for (unsigned index = 0; index < count; ++index) {
      const auto name = queue + '-' + std::to_string(index);
      auto started = manager.start_worker<market_data_processor>(name, {"local:" + queue, options.cache}, supervised);
      if (!started) return std::unexpected(started.error());
    }
  }
  // Its feed would begin again from the start: that is for whoever runs the pipeline to decide.
  auto started = manager.start_worker<market_data_listener>(listener_name, {options.feed, "local:"},
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

bool is_drained(const lineshaft::process_manager& manager) {
  return !manager.get_status(listener_name).alive && accounts_of(manager).waiting == 0;
}

}  // namespace market_data
