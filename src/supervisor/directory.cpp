#include "supervisor/directory.hpp"

#include <algorithm>
#include <utility>

#include "status/block_reader.hpp"

namespace lineshaft::supervisor {

void directory::publish(const std::string& name, view what) {
  const auto found = entries_.find(name);
  if (found != entries_.end()) {
    found->second->last = what.get();
    return readers_.retire(std::exchange(found->second->owned, std::move(what)));
  }
  auto made = std::make_shared<entry>();
  made->name = name;
  made->last = what.get();
  made->owned = std::move(what);
  auto next = *owned_;
  next.insert(std::ranges::lower_bound(next, name, {}, &entry::name), made.get());
  entries_.emplace(name, std::move(made));
  list(std::move(next));
}

void directory::remove(const std::string& name) {
  const auto gone = entries_.extract(name);
  if (gone.empty()) return;
  auto next = *owned_;
  std::erase(next, gone.mapped().get());
  list(std::move(next));
  readers_.retire(gone.mapped());
}

void directory::list(listing next) {
  auto made = std::make_shared<const listing>(std::move(next));
  listed_ = made.get();
  readers_.retire(std::exchange(owned_, std::move(made)));
}

directory::view directory::find(std::string_view name) const {
  const reclaimer::visit here(readers_);
  const auto& all = *listed_.load();
  const auto found = std::ranges::lower_bound(all, name, {}, &entry::name);
  return found != all.end() && (*found)->name == name ? (*found)->last.load()->shared_from_this() : nullptr;
}

std::vector<directory::view> directory::all() const {
  const reclaimer::visit here(readers_);
  const auto& all = *listed_.load();
  std::vector<view> views;
  views.reserve(all.size());
  for (const auto* one : all) views.push_back(one->last.load()->shared_from_this());
  return views;
}

namespace {

void take_figures(worker_status& status, worker_figures figures) {
  status.processed = figures.processed;
  status.errors = figures.errors;
  status.decoding_errors = figures.decoding_errors;
  status.published = figures.published;
  status.processing_errors = figures.processing_errors;
  status.restarts = figures.restarts;
  status.mdq_connected = figures.mdq_connected;
  status.mdc_connected = figures.mdc_connected;
  status.running = figures.running;
  status.metrics = std::move(figures.metrics);
}

}  // namespace

worker_status status_of(const worker_view& view, std::chrono::steady_clock::time_point asked) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  // The view may be of a process that was made after the caller had looked at the clock.
  const auto now = std::max(asked, view.started);
  auto status = view.known;
  if (!view.exits.empty()) status.last_exit = *view.exits.back();
  if (status.alive) status.uptime = duration_cast<milliseconds>(now - view.started);
  if (view.next_attempt) {
    status.next_start = duration_cast<milliseconds>(std::max(*view.next_attempt, now) - now);
  }
  if (view.output) status.output = view.output->status();
  if (view.block) {
    const auto memory = view.block->bytes();
    take_figures(status, status::read_figures(memory));
    const auto beat = status::read_beat(memory);
    status.loop = beat.loop;
    // Clamped: the worker may write what it likes there.
    status.age = duration_cast<milliseconds>(now - std::clamp(beat.last, view.started, now));
  } else if (status.alive && view.beat) {
    status.age = duration_cast<milliseconds>(std::max(now, *view.beat) - *view.beat);
  } else if (status.last_exit) {
    take_figures(status, status.last_exit->figures);
    // What it counted stays true. That it runs and is connected does not.
    status.running = status.mdq_connected = status.mdc_connected = false;
  }
  return status;
}

}  // namespace lineshaft::supervisor
