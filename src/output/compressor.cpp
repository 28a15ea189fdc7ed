#include "output/compressor.hpp"

#include <fcntl.h>

#include <array>
#include <vector>

#include "output/zstd_stream.hpp"
#include "sys/file.hpp"
#include "sys/pipe.hpp"
#include "sys/process.hpp"

namespace lineshaft::output {
namespace {

constexpr std::size_t block = 128 * 1024;

result<> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::array<std::string_view, 1> parts{bytes};
    const auto written = sys::writev(fd, parts);
    if (!written) return std::unexpected(written.error());
    bytes.remove_prefix(*written);
  }
  return {};
}

}  // namespace

void compressor::add(std::shared_ptr<log_series> series, log_series::number which, std::shared_ptr<account> counts) {
  const std::scoped_lock lock(mutex_);
  if (closing_) return;
  // What was pushed out of the series by now would only be skipped.
  std::erase_if(jobs_, [&](const job& one) { return one.series == series && !series->open(one.which); });
  jobs_.push_back({std::move(series), which, std::move(counts)});
  changed_.notify_one();
  if (thread_.started()) return;
  if (auto started = thread_.start("lineshaft-zstd", [self = shared_from_this()] { self->run(); }); !started) {
    jobs_.back().counts->set_rotation_error(started.error().message());
    jobs_.clear();
  }
}

void compressor::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    changed_.notify_one();
  }
  thread_.leave(std::chrono::seconds(1));
}

bool compressor::closing() const {
  const std::scoped_lock lock(mutex_);
  return closing_;
}

void compressor::run() {
  sys::lower_thread_priority();
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
    if (closing_) return;
    const auto next = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    const auto done = compress(next);
    next.counts->set_rotation_error(done ? std::string() : done.error().message());
    lock.lock();
  }
}

result<> compressor::compress(const job& todo) {
  const auto source = todo.series->open(todo.which);
  if (!source && source.error().code == std::errc::no_such_file_or_directory) return {};
  if (!source) return std::unexpected(source.error());
  const auto folder = todo.series->folder();
  const auto part = todo.series->log() + ".part";
  const auto target = sys::openat(folder, part, O_WRONLY | O_CREAT | O_TRUNC, 0640);
  if (!target) return std::unexpected(target.error());
  const auto packed = pack(source->get(), target->get());
  if (packed) return todo.series->replace(todo.which, source->get(), part);
  (void)sys::unlinkat(folder, part);
  if (packed.error().code == std::errc::operation_canceled) return {};
  return fail(packed.error().code, "cannot compress '" + todo.series->log() + "'");
}

result<> compressor::pack(int source, int target) const {
  zstd_stream stream;
  std::vector<char> buffer(block);
  for (;;) {
    if (closing()) return fail(std::errc::operation_canceled, "cannot compress");
    const auto got = sys::read(source, buffer);
    if (!got) return std::unexpected(got.error());
    const auto which = *got == 0 ? piece_is::last : piece_is::not_last;
    auto put = stream.put(std::span(buffer).first(*got), which,
                          [target](std::string_view bytes) { return write_all(target, bytes); });
    if (!put || which == piece_is::last) return put;
  }
}

}  // namespace lineshaft::output
