#include "output/log_series.hpp"

#include <fcntl.h>

#include "output/rotation.hpp"
#include "sys/file.hpp"

namespace lineshaft::output {

log_series::log_series(std::shared_ptr<const unique_fd> folder, std::string log)
    : folder_(std::move(folder)), log_(std::move(log)) {}

result<log_series::number> log_series::rotate(std::uint32_t count) {
  const std::scoped_lock lock(mutex_);
  for (const auto& [from, to] : output::rotate(log_, count)) {
    const auto done = to.empty() ? sys::unlinkat(folder(), from) : sys::renameat(folder(), from, to);
    if (!done && done.error().code != std::errc::no_such_file_or_directory) return std::unexpected(done.error());
  }
  return ++youngest_;
}

std::vector<log_series::number> log_series::uncompressed(std::uint32_t count) const {
  const std::scoped_lock lock(mutex_);
  std::vector<number> found;
  for (number which = youngest_ - count + 1; which <= youngest_; ++which)
    if (open_unlocked(which)) found.push_back(which);
  return found;
}

result<unique_fd> log_series::open(number which) const {
  const std::scoped_lock lock(mutex_);
  return open_unlocked(which);
}

result<> log_series::replace(number which, int source, const std::string& part) {
  const std::scoped_lock lock(mutex_);
  if (!is_still(which, source)) return sys::unlinkat(folder(), part);
  // In this order there is at no moment neither of the two.
  if (auto placed = sys::renameat(folder(), part, name_of(which) + ".zst"); !placed) return placed;
  return sys::unlinkat(folder(), name_of(which));
}

std::string log_series::name_of(number which) const {
  return rotated_name(log_, static_cast<std::uint32_t>(youngest_ - which + 1));
}

result<unique_fd> log_series::open_unlocked(number which) const {
  return sys::openat(folder(), name_of(which), O_RDONLY);
}

// A rotation that failed half way has moved some files and not others.
bool log_series::is_still(number which, int source) const {
  const auto file = open_unlocked(which);
  if (!file) return false;
  const auto now = sys::facts_of(file->get());
  const auto then = sys::facts_of(source);
  return now && then && now->inode == then->inode;
}

}  // namespace lineshaft::output
