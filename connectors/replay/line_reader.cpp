#include "replay/line_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "lineshaft/unique_fd.hpp"

namespace lineshaft::replay {

namespace {

constexpr std::size_t read_size = std::size_t{256} << 10;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::error_code last_error() { return {errno, std::system_category()}; }

}  // namespace

void line_reader::closer::operator()(gzFile_s* file) const { ::gzclose_r(file); }

result<line_reader> line_reader::open(std::string path) {
  const auto cannot = "cannot open '" + path + "'";
  unique_fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(last_error(), cannot);
  struct stat about{};
  if (::fstat(fd.get(), &about) != 0) return fail(last_error(), cannot);
  if (S_ISDIR(about.st_mode)) return fail(std::errc::is_a_directory, cannot);
  gzFile_s* file = ::gzdopen(fd.get(), "rb");
  if (file == nullptr) return fail(std::errc::not_enough_memory, cannot);
  (void)fd.release();  // gzclose() closes it
  ::gzbuffer(file, read_size);
  return line_reader(std::move(path), file);
}

line_reader::line_reader(std::string path, gzFile_s* file)
    : path_(std::move(path)), file_(file), buffer_(2 * read_size + padding) {}

result<std::optional<line_reader::line>> line_reader::next() {
  for (std::size_t searched = 0;;) {
    const char* from = buffer_.data() + begin_;
    const auto* newline = static_cast<const char*>(std::memchr(from + searched, '\n', end_ - begin_ - searched));
    if (newline != nullptr) return take(static_cast<std::size_t>(newline - from), 1);
    if (end_ - begin_ > line_limit) {
      skipping_ = true;
      begin_ = end_;
    }
    searched = end_ - begin_;
    const auto more = fill();
    if (!more) return std::unexpected(more.error());
    if (*more) continue;
    if (begin_ == end_ && !skipping_) return std::nullopt;
    return take(end_ - begin_, 0);
  }
}

line_reader::line line_reader::take(std::size_t size, std::size_t end_size) {
  std::string_view text(buffer_.data() + begin_, size);
  begin_ += size + end_size;
  ++number_;
  if (number_ == 1 && text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.ends_with('\r')) text.remove_suffix(1);
  const bool too_long = skipping_ || text.size() > line_limit;
  skipping_ = false;
  return {.text = too_long ? std::string_view() : text, .too_long = too_long};
}

result<bool> line_reader::fill() {
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.size() - padding - end_ < read_size) buffer_.resize(2 * buffer_.size());
  const int count = ::gzread(file_.get(), buffer_.data() + end_, read_size);
  int code = Z_OK;
  const std::string why = ::gzerror(file_.get(), &code);
  if (count > 0) {
    end_ += static_cast<std::size_t>(count);
    return true;
  }
  if (code == Z_OK || code == Z_STREAM_END) return false;
  const auto cannot = "cannot read '" + path_ + "' after line " + std::to_string(number_);
  if (code == Z_ERRNO) return fail(last_error(), cannot);
  return fail(cannot + ": " +
              (code == Z_BUF_ERROR ? "the gzip data end too early" : "the gzip data are damaged: " + why));
}

result<> line_reader::rewind() {
  begin_ = end_ = 0;
  number_ = 0;
  skipping_ = false;
  if (::gzrewind(file_.get()) != 0) return fail("cannot read '" + path_ + "' again from its beginning");
  return {};
}

}  // namespace lineshaft::replay
