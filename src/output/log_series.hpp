#pragma once
// The old files of one log. The writer renames them all at each rotation while the compressor is busy with one of
// them: so each is known by a number of its own, and its name is had only under a lock.
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::output {

class log_series {
 public:
  using number = std::int64_t;

  log_series(std::shared_ptr<const unique_fd> folder, std::string log);

  const std::string& log() const { return log_; }
  int folder() const { return folder_->get(); }

  /// Moves each file one on. The number of what was the log itself.
  result<number> rotate(std::uint32_t count);
  /// Those that an earlier manager has left uncompressed, of `count` at most.
  std::vector<number> uncompressed(std::uint32_t count) const;
  /// For reading. "No such file" if it is gone by now.
  result<unique_fd> open(number which) const;
  /// Puts the file `part` in the place of `which`, that was opened as `source`; drops it if that is gone by now.
  result<> replace(number which, int source, const std::string& part);

 private:
  std::string name_of(number which) const;
  result<unique_fd> open_unlocked(number which) const;
  bool is_still(number which, int source) const;

  const std::shared_ptr<const unique_fd> folder_;
  const std::string log_;
  mutable std::mutex mutex_;
  number youngest_ = 0;
};

}  // namespace lineshaft::output
