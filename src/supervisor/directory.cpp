#include "supervisor/directory.hpp"

#include <algorithm>

#include "status/block_reader.hpp"

namespace lineshaft::supervisor {

void directory::publish(const std::string& name, view what) {
  const std::scoped_lock lock(mutex_);
  // The one before ends with the parameter, after the lock: it may be the last that holds a process's memory.
  views_[name].swap(what);
}

void directory::remove(const std::string& name) {
  decltype(views_)::node_type gone;
  const std::scoped_lock lock(mutex_);
  gone = views_.extract(name);
}

directory::view directory::find(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = views_.find(name);
  return found == views_.end() ? nullptr : found->second;
}

std::vector<directory::view> directory::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<view> all;
  all.reserve(views_.size());
  for (const auto& [name, last] : views_) all.push_back(last);
  return all;
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
