#include "output/log_file.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>

#include "output/rotation.hpp"
#include "sys/file.hpp"

namespace lineshaft::output {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t parts_at_once = 64;
/// After a rotation that failed, so that a folder that may not be changed does not cost a dozen calls a line.
constexpr auto rotation_pause = std::chrono::seconds(1);

result<bool> ends_in_a_line(int fd, std::uint64_t size) {
  if (size == 0) return false;
  std::array<char, 1> last{};
  const auto got = sys::pread(fd, last, size - 1);
  if (!got) return std::unexpected(got.error());
  return *got == 1 && last[0] != '\n';
}

}  // namespace

log_file::log_file(std::string worker, std::shared_ptr<log_series> series, std::shared_ptr<compressor> old_files)
    : worker_(std::move(worker)), series_(std::move(series)), old_files_(std::move(old_files)) {}

void log_file::write(std::span<const std::string> chunks, log_terms terms) {
  terms_ = std::move(terms);
  const bool opened = open().has_value();
  const auto age = std::chrono::floor<milliseconds>(clock::now() - began_);
  if (opened && size_ > 0 && too_old(age, terms_.how.rotate_age)) rotate();
  for (const auto& chunk : chunks) take(chunk);
  append();
}

void log_file::take(std::string_view chunk) {
  const auto limit = terms_.how.rotate_size;
  while (!chunk.empty()) {
    auto size = size_;
    for (const auto text : ready_) size += text.size();
    auto room = room_for(chunk, size, limit);
    if (room == 0) {
      append();
      room = rotate() ? room_for(chunk, size_, limit) : chunk.size();
    }
    ready_.push_back(chunk.substr(0, room));
    chunk.remove_prefix(room);
    if (ready_.size() == parts_at_once) append();
  }
}

void log_file::append() {
  if (ready_.empty()) return;
  if (const auto done = append_ready(); done) {
    terms_.counts->set_error({});
  } else {
    lose(done.error());
  }
  ready_.clear();
}

result<> log_file::append_ready() {
  if (auto opened = open(); !opened) return opened;
  const auto first = notice();
  std::array<std::string_view, 1> told{first};
  if (auto written = write_all(told); !written) return written;
  lost_ = {};
  return write_all(ready_);
}

std::string log_file::notice() {
  std::string text = torn_ ? "\n" : "";
  if (!lost_) return text;
  line_stamp stamp(worker_, terms_.generation);
  stamp.at(std::chrono::system_clock::now());
  stamp.write_notice(lost_.text(), text);
  return text;
}

// What is left of `texts` when it fails is what was not written.
result<> log_file::write_all(std::span<std::string_view> texts) {
  for (;;) {
    while (!texts.empty() && texts.front().empty()) texts = texts.subspan(1);
    if (texts.empty()) return {};
    const auto written = sys::writev(file_.get(), texts);
    if (!written) return std::unexpected(written.error());
    size_ += *written;
    for (auto left = *written; left > 0;) {
      auto& text = texts.front();
      const auto part = std::min(left, text.size());
      torn_ = text[part - 1] != '\n';
      text.remove_prefix(part);
      left -= part;
      if (text.empty()) texts = texts.subspan(1);
    }
  }
}

result<> log_file::open() {
  if (file_) return {};
  auto opened = sys::openat(series_->folder(), series_->log(), O_RDWR | O_CREAT | O_APPEND, 0640);
  if (!opened) return std::unexpected(opened.error());
  const auto facts = sys::facts_of(opened->get());
  if (!facts) return std::unexpected(facts.error());
  if (!facts->regular) return fail(std::errc::invalid_argument, "cannot write to what is no file");
  const auto torn = ends_in_a_line(opened->get(), facts->size);
  if (!torn) return std::unexpected(torn.error());
  file_ = std::move(*opened);
  size_ = facts->size;
  torn_ = *torn;
  began_ = clock::now() - std::max(std::chrono::system_clock::now() - facts->born, std::chrono::nanoseconds(0));
  compress_what_was_left();
  return {};
}

void log_file::compress_what_was_left() {
  if (std::exchange(looked_for_old_, true) || !terms_.how.compress) return;
  for (const auto which : series_->uncompressed(terms_.how.rotate_count))
    old_files_->add(series_, which, terms_.counts);
}

bool log_file::rotate() {
  const auto now = clock::now();
  if (now < rotate_not_before_) return false;
  const auto rotated = series_->rotate(terms_.how.rotate_count);
  if (!rotated) {
    rotate_not_before_ = now + rotation_pause;
    terms_.counts->set_rotation_error(rotated.error().message());
    return false;
  }
  terms_.counts->set_rotation_error({});
  file_.reset();
  size_ = 0;
  torn_ = false;
  if (terms_.how.compress && terms_.how.rotate_count > 0) old_files_->add(series_, *rotated, terms_.counts);
  return true;
}

void log_file::lose(const error& why) {
  amount lost;
  for (const auto text : ready_) lost += measure(text);
  terms_.counts->add_lost(lost.lines, lost.bytes);
  terms_.counts->set_error("cannot write '" + series_->log() + "': " + why.code.message());
  lost_.add(lost.lines, lost.bytes, why.code.message());
}

}  // namespace lineshaft::output
