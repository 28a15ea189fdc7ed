#include "cli/line_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <utility>

#include "sys/pipe.hpp"

namespace lineshaft::cli {
namespace {

constexpr auto farewell = std::chrono::seconds(1);

bool is_full(const error& why) {
  return why.code == std::errc::no_space_on_device || why.code == std::error_code(EDQUOT, std::generic_category());
}

}  // namespace

struct line_writer::state {
  int fd;
  gap_line gap;
  on_tried tried;
  std::size_t most_bytes;
  std::mutex mutex;
  std::condition_variable changed;
  std::string waiting;
  std::uint64_t lost = 0;
  bool nobody_reads = false, ends = false, ended = false;
};

line_writer::line_writer(int fd, gap_line gap, on_tried tried, std::size_t most_bytes)
    : shared_(std::make_shared<state>(fd, std::move(gap), std::move(tried), most_bytes)) {}

line_writer::~line_writer() {
  if (!thread_.joinable()) return;
  std::unique_lock lock(shared_->mutex);
  shared_->ends = true;
  shared_->changed.notify_all();
  const bool ended = shared_->changed.wait_for(lock, farewell, [this] { return shared_->ended; });
  lock.unlock();
  // Nothing takes a thread out of a write(2) to a terminal that was stopped; the end of the process does.
  ended ? thread_.join() : thread_.detach();
}

void line_writer::write(std::string line) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->nobody_reads) return;
  if (shared_->waiting.size() + line.size() > shared_->most_bytes) {
    ++shared_->lost;
    return;
  }
  shared_->waiting += line;
  shared_->waiting += '\n';
  if (!thread_.joinable()) thread_ = std::thread([shared = shared_] { run(shared); });
  shared_->changed.notify_all();
}

void line_writer::run(const std::shared_ptr<state>& shared) {
  std::unique_lock lock(shared->mutex);
  std::uint64_t unwritten = 0;  // lines, since the disk was full
  for (;;) {
    shared->changed.wait(lock, [&] { return !shared->waiting.empty() || shared->ends; });
    if (shared->waiting.empty()) break;
    auto text = std::exchange(shared->waiting, {});
    if (const auto lost = std::exchange(shared->lost, 0); lost > 0) text += shared->gap(lost) + '\n';
    lock.unlock();
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
    // The last one before it may have no end.
    if (unwritten > 0) text.insert(0, '\n' + shared->gap(unwritten) + '\n');
    const auto written = sys::write(shared->fd, text);
    if (shared->tried) shared->tried();
    lock.lock();
    if (!written && !is_full(written.error())) {
      shared->nobody_reads = true;
      break;
    }
    unwritten = written ? 0 : unwritten + lines;
  }
  shared->ended = true;
  shared->changed.notify_all();
}

}  // namespace lineshaft::cli
