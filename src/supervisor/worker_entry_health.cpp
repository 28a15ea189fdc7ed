// Of a worker: what is done when its process lives and does not do its work.
#include <format>
#include <utility>

#include "status/block_reader.hpp"
#include "supervisor/exit_reason.hpp"
#include "supervisor/worker_entry.hpp"

namespace lineshaft::supervisor {

using std::chrono::milliseconds;

std::optional<policy::time_point> worker_entry::busy_since() const {
  if (!process_->block()) return std::nullopt;
  const auto beat = status::read_beat(process_->block()->bytes());
  return beat.loop == loop_state::busy ? std::optional(beat.last) : std::nullopt;
}

void worker_entry::watchdog_said(const channel::watchdog_word& word) {
  const auto& watchdog = definition_->how.watchdog;
  if (!watchdog) return;
  // It notices afterwards that it was stopped; the kernel has told of that at once.
  if (std::exchange(stop_told_, false) && word.verdict == channel::loop_verdict::stopped) return;
  tell(event_kind::watchdog, std::string(to_string(word.verdict)));
  if (word.verdict != channel::loop_verdict::stuck) return;
  notes_.stack = word.stack;
  end_sick("its event loop was stuck for " + to_text(watchdog->timeout));
}

void worker_entry::watch_health() {
  const auto look = [this] {
    const auto seen = process_->vitals();
    policy::vital_signs signs{.stopped = seen.stopped, .waited = seen.waited, .resident_bytes = seen.resident_bytes};
    signs.has_input = parts_.queues.has_input(queue_ends_);
    if (const auto& block = process_->block()) signs.processed = status::read_figures(block->bytes()).processed;
    return signs;
  };
  health_.begin({definition_->how, definition_->is_program(), parts_.world.chance()},
                {.look = look,
                 .inputs = [this] { return parts_.queues.inputs(queue_ends_); },
                 .stop_changed = [this] { publish(); },
                 .found = [this](policy::ailment what) { fell_ill(what); }});
}

void worker_entry::look_for_stop() {
  if (health_.watching() && process_->stopped_or_continued()) health_.look_again();
}

void worker_entry::fell_ill(policy::ailment what) {
  using policy::ailment;
  if (life_.state() != worker_state::running && life_.current() != policy::phase::unready) return;
  const auto now = parts_.world.now();
  tell(event_kind::watchdog, std::string(to_string(what)));
  if (what == ailment::too_big) {
    notes_.sick = std::format("too big: {} bytes of memory, where max_memory is {}", process_->vitals().resident_bytes,
                              definition_->how.max_memory);
    return perform(life_.restart(now, policy::after(now, definition_->how.stop_timeout), restart_cause::recycle));
  }
  stop_told_ = what == ailment::stopped;
  if (what == ailment::no_beat) end_sick("no WATCHDOG=1 for " + to_text(definition_->how.watchdog->timeout));
  if (what == ailment::no_progress)
    end_sick("messages were waiting, and none was processed for " + to_text(definition_->how.watchdog->progress));
}

// Up the ladder of the watchdog; without one it is only recorded.
void worker_entry::end_sick(std::string why) {
  const auto ladder = policy::watchdog_ladder(definition_->how.watchdog->ladder);
  if (ladder.empty()) return;
  notes_.sick = std::move(why);
  milliseconds most{};
  for (const auto& rung : ladder) most += rung.grace;
  const auto now = parts_.world.now();
  perform(life_.watchdog(now, policy::after(now, most)));
}

}  // namespace lineshaft::supervisor
