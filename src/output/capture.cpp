#include "output/capture.hpp"

#include <algorithm>

#include "sys/socket.hpp"

namespace lineshaft::output {

capture::capture(line_stamp stamp, unique_fd out, unique_fd err, std::optional<log_target> target,
                 std::shared_ptr<account> counts, line_tap tap)
    : stamp_(std::move(stamp)),
      ends_{pipe_end{std::move(out), {}}, pipe_end{std::move(err), {}}},
      target_(std::move(target)),
      counts_(std::move(counts)),
      tap_(std::move(tap)) {}

capture::~capture() {
  if (!target_) return;
  std::string lines;
  tell_loss(lines);
  deliver(std::move(lines));
  target_->writer->leave(target_->queue);
}

int capture::descriptor(stream of) const {
  const std::scoped_lock lock(mutex_);
  return ends_[static_cast<std::size_t>(of)].pipe.get();
}

capture::outcome capture::read(stream of, read_buffer& buffer) {
  const std::scoped_lock lock(mutex_);
  return read_some(of, buffer.bytes());
}

admission capture::ask() const {
  if (!target_) return admission::take;
  return process_ended_ ? target_->writer->ask_for_last_words(*target_->queue) : target_->writer->ask(*target_->queue);
}

capture::outcome capture::read_some(stream of, std::span<char> buffer) {
  auto& end = at(of);
  if (end.over) return outcome::ended;
  const auto verdict = ask();
  if (verdict == admission::wait) return outcome::wait;
  // The unfinished line first, so that every line lies in one piece.
  const auto before = end.unfinished.size();
  std::ranges::copy(end.unfinished, buffer.begin());
  const auto got = sys::read(end.pipe.get(), buffer.subspan(before, read_buffer::one_read));
  if (!got && sys::would_block(got.error())) return outcome::empty;
  if (!got || *got == 0) {
    take_unfinished(of);
    end.over = true;
    return outcome::ended;
  }
  if (*got == read_buffer::one_read) grow(end);
  take(of, std::string_view(buffer.data(), before + *got), verdict);
  return outcome::read;
}

// A pipe that was full is one whose process waits for us again and again.
void capture::grow(pipe_end& full) {
  if (std::exchange(full.has_grown, true)) return;
  sys::set_pipe_capacity(full.pipe.get(), read_buffer::bytes_of_a_flood);
}

void capture::take(stream of, std::string_view text, admission verdict) {
  const auto now = std::chrono::system_clock::now();
  stamp_.at(now);
  const bool kept = target_ && verdict == admission::take;
  // Of a small batch not: its text would stay as large as a flood's while it waits.
  const bool is_large = text.size() >= read_buffer::one_read / 2;
  std::string lines = kept && is_large ? target_->writer->spare() : std::string();
  if (kept) lines.reserve(text.size() + text.size() / 2);
  if (kept) tell_loss(lines);
  line_splitter splitter(text);
  std::uint64_t count = 0;
  // Of a flood nobody looks at all of it, but who does misses nothing.
  const bool followed = tap_.lines->is_followed();
  std::vector<std::string_view> shown;
  while (const auto next = splitter.next()) {
    ++count;
    tail_.add(*next);
    if (followed) shown.push_back(next->text);
    if (kept) stamp_.write(*next, of, lines);
  }
  tap_.lines->add(tap_.origin, of, now, followed ? shown : tail_.lines(), count);
  tail_.move_to(ring_);
  at(of).unfinished.assign(splitter.rest());
  const auto bytes = text.size() - splitter.rest().size();
  counts_->add_read(count, bytes);
  if (verdict == admission::drop && count > 0) {
    counts_->add_lost(count, bytes);
    lost_.add(count, bytes, "the file was written too slowly");
  }
  deliver(std::move(lines));
}

void capture::take_unfinished(stream of) {
  auto& unfinished = at(of).unfinished;
  if (unfinished.empty()) return;
  const auto text = std::exchange(unfinished, {});
  // As a whole line, but counted without the newline that never came.
  ring_.add(text);
  tap_.lines->add(tap_.origin, of, std::chrono::system_clock::now(), std::array{std::string_view(text)}, 1);
  counts_->add_read(1, text.size());
  std::string lines;
  stamp_.write({text, line_end::complete}, of, lines);
  deliver(std::move(lines));
}

void capture::deliver(std::string lines) {
  if (target_ && !lines.empty()) target_->writer->give(target_->queue, std::move(lines));
}

void capture::tell_loss(std::string& lines) {
  if (lost_) stamp_.write_notice(std::exchange(lost_, {}).text(), lines);
}

std::vector<std::string> capture::process_ended() {
  const std::scoped_lock lock(mutex_);
  process_ended_ = true;
  for (const auto of : {stream::out, stream::err}) take_rest(of);
  return ring_.lines();
}

void capture::take_rest(stream of) {
  auto& end = at(of);
  if (end.over) return;
  read_buffer buffer;
  // No more than the process can have left: somebody else may go on writing as fast as this reads.
  for (auto reads = sys::pipe_capacity(end.pipe.get()) / read_buffer::one_read + 2; reads > 0; --reads) {
    if (read_some(of, buffer.bytes()) != outcome::read) break;
  }
  take_unfinished(of);
}

bool capture::ended() const {
  const std::scoped_lock lock(mutex_);
  return ends_[0].over && ends_[1].over;
}

void capture::close(stream of) {
  const std::scoped_lock lock(mutex_);
  auto& end = at(of);
  take_unfinished(of);
  end.over = true;
  end.pipe.reset();
}

}  // namespace lineshaft::output
