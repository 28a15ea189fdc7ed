#pragma once
// The files of a worker's output, read back, oldest line first: NAME.log.2.zst, NAME.log.1, NAME.log. A manager may be
// writing and rotating them meanwhile.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"
#include "output/line_stamp.hpp"
#include "output/unzstd_stream.hpp"

namespace lineshaft::output {

struct logged_line {
  std::string time;
  std::uint32_t generation = 0;
  stamped_line::kind is = stamped_line::kind::out;
  std::string text;
};

/// Whose files are in this folder, in the order of their names.
result<std::vector<std::string>> logged_workers(const std::string& folder);

/// The lines of one file. What has no newline yet is still being written.
class file_lines {
 public:
  file_lines(int file, std::string name);
  /// Valid until the next call. Nothing at its end, or where it cannot be read any further.
  std::optional<std::string_view> next();
  const std::optional<error>& problem() const { return problem_; }

 private:
  void fill();

  int file_;
  std::string name_;
  std::optional<unzstd_stream> packed_;
  std::uint64_t offset_ = 0;
  std::string read_;
  std::size_t at_ = 0;
  bool ended_ = false;
  std::optional<error> problem_;
};

class log_reader {
 public:
  /// Of lines from `since` on, a text such as stands in them; empty: of all.
  log_reader(const std::string& folder, const std::string& worker, std::string since);

  std::optional<logged_line> next();
  /// The last ones for which `wanted` holds, no more than so many. Reads no older files than it has to.
  std::vector<logged_line> last(std::size_t count, const std::function<bool(const logged_line&)>& wanted);

  bool has_any() const { return !files_.empty(); }
  /// What could not be read, by now.
  const std::vector<error>& problems() const { return problems_; }
  /// The time of the oldest line, if there are as many old files as are kept, so that older ones, with lines that are
  /// wanted, may have gone.
  std::optional<std::string> begins_late(std::uint32_t kept);

 private:
  struct file {
    unique_fd open;
    std::string name;
    std::uint64_t inode = 0;
    std::uint32_t number = 0;  ///< 0: the log itself
  };

  void open_files(const std::string& folder, const std::string& worker);
  void add(int folder, const std::string& name, std::uint32_t number);
  std::string first_time(const file& of);
  std::optional<logged_line> line_of(std::string_view text);

  std::string since_;
  std::vector<file> files_;  ///< oldest first
  std::size_t at_ = 0;
  std::optional<file_lines> lines_;
  logged_line before_;  ///< what the rest of a torn line belongs to
  std::vector<error> problems_;
};

}  // namespace lineshaft::output
