#include "output/log_writer.hpp"

#include <algorithm>

#include "output/rotation.hpp"

namespace lineshaft::output {
namespace {

/// Texts that are worth keeping, and how many of them: as many as wait for one file in a flood.
constexpr std::size_t least_spare = 32 * 1024, most_spares = 16;

}  // namespace

log_writer::log_writer(std::function<void()> has_room) : has_room_(std::move(has_room)) {}

result<> log_writer::start() {
  if (thread_.started()) return {};
  return thread_.start("lineshaft-logs", [self = shared_from_this()] { self->run(); });
}

void log_writer::close(std::chrono::milliseconds patience) {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    work_.notify_one();
  }
  thread_.leave(patience);
  old_files_->close();
}

std::shared_ptr<log_queue> log_writer::join(const std::shared_ptr<const unique_fd>& folder, const std::string& worker,
                                            log_terms terms) {
  const std::scoped_lock lock(mutex_);
  auto& queue = queues_[worker];
  if (!queue) queue = std::make_shared<log_queue>(log_file(worker, series_of(folder, worker), old_files_));
  queue->terms = std::move(terms);
  ++queue->users;
  return queue;
}

std::shared_ptr<log_series> log_writer::series_of(const std::shared_ptr<const unique_fd>& folder,
                                                  const std::string& worker) {
  std::erase_if(series_, [](const auto& one) { return one.second.expired(); });
  auto& known = series_[worker];
  auto series = known.lock();
  if (!series) known = series = std::make_shared<log_series>(folder, log_name(worker));
  return series;
}

void log_writer::leave(const std::shared_ptr<log_queue>& queue) {
  const std::scoped_lock lock(mutex_);
  if (--queue->users == 0) schedule(queue);
}

std::string log_writer::spare() {
  const std::scoped_lock lock(mutex_);
  if (spare_.empty()) return {};
  auto text = std::move(spare_.back());
  spare_.pop_back();
  return text;
}

admission log_writer::ask(log_queue& queue) {
  const std::scoped_lock lock(mutex_);
  const auto verdict = admit({queue.bytes, total_}, queue.terms.how.when_full);
  if (verdict == admission::wait) {
    const bool is_behind = queue.bytes >= most_for_one;
    (is_behind ? queue.made_wait : made_wait_by_all_) = true;
  }
  return verdict;
}

admission log_writer::ask_for_last_words(log_queue& queue) const {
  const std::scoped_lock lock(mutex_);
  return admit_last_words({queue.bytes, total_});
}

void log_writer::give(const std::shared_ptr<log_queue>& queue, std::string lines) {
  const std::scoped_lock lock(mutex_);
  queue->bytes += lines.size();
  total_ += lines.size();
  ++queue->given;
  queue->waiting.push_back(std::move(lines));
  schedule(queue);
}

void log_writer::schedule(const std::shared_ptr<log_queue>& queue) {
  if (queue->scheduled) return;
  queue->scheduled = true;
  scheduled_.push_back(queue);
  work_.notify_one();
}

void log_writer::flush(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  std::map<std::shared_ptr<log_queue>, std::uint64_t> wanted;
  for (const auto& [worker, queue] : queues_) wanted.emplace(queue, queue->given);
  written_.wait_until(lock, until, [&] {
    return std::ranges::all_of(wanted, [](const auto& one) { return one.first->done >= one.second; });
  });
}

void log_writer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return closing_ || !scheduled_.empty(); });
    if (scheduled_.empty()) return;
    const auto queue = std::move(scheduled_.front());
    scheduled_.pop_front();
    serve(queue, lock);
  }
}

void log_writer::serve(const std::shared_ptr<log_queue>& queue, std::unique_lock<std::mutex>& lock) {
  queue->scheduled = false;
  if (queue->waiting.empty()) {
    if (queue->users > 0) return;
    // Nobody finds it any more, so that its last owner is here; but the next generation has to tell what was lost.
    if (!queue->file.owes_notice()) std::erase_if(queues_, [&](const auto& one) { return one.second == queue; });
    // And once nobody prints, nothing is kept for the next batch.
    if (std::ranges::none_of(queues_, [](const auto& one) { return one.second->users > 0; })) spare_ = {};
    lock.unlock();
    queue->file.close().reset();
    lock.lock();
    return;
  }
  auto chunks = std::exchange(queue->waiting, {});
  auto terms = queue->terms;
  lock.unlock();
  queue->file.write(chunks, std::move(terms));
  lock.lock();
  account_for(*queue, chunks);
  if (!queue->waiting.empty() || queue->users == 0) schedule(queue);
}

void log_writer::account_for(log_queue& queue, std::span<std::string> chunks) {
  for (auto& chunk : chunks) {
    queue.bytes -= chunk.size();
    total_ -= chunk.size();
    if (chunk.capacity() < least_spare || spare_.size() == most_spares) continue;
    chunk.clear();
    spare_.push_back(std::move(chunk));
  }
  queue.done += chunks.size();
  written_.notify_all();
  const bool wake_one = queue.made_wait && has_room_again({queue.bytes, total_});
  const bool wake_all = made_wait_by_all_ && has_room_again({0, total_});
  if (!wake_one && !wake_all) return;
  queue.made_wait = false;
  made_wait_by_all_ = false;
  has_room_();
}

}  // namespace lineshaft::output
