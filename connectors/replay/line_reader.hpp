#pragma once
// The lines of a file, gzip or plain: told by its first bytes, not by its name.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/error.hpp"

struct gzFile_s;

namespace lineshaft::replay {

class line_reader {
 public:
  /// So many bytes behind each line may be read by whoever parses it.
  static constexpr std::size_t padding = 64;
  /// A longer line is skipped, and given as one that is too long.
  static constexpr std::size_t line_limit = std::size_t{16} << 20;

  static result<line_reader> open(std::string path);

  struct line {
    std::string_view text;  ///< without its end ("\n" or "\r\n"); lives until the next call
    bool too_long = false;
  };
  /// The next line; nothing at the end. A file that cannot be read on (a damaged gzip) is an error.
  result<std::optional<line>> next();
  /// The number of the line that next() gave last, from 1.
  std::uint64_t number() const { return number_; }
  const std::string& path() const { return path_; }
  /// Back to the first line.
  result<> rewind();

 private:
  struct closer {
    void operator()(gzFile_s* file) const;
  };

  line_reader(std::string path, gzFile_s* file);
  /// Moves what is left to the front and reads on behind it. False at the end of the file.
  result<bool> fill();
  line take(std::size_t size, std::size_t end_size);

  std::string path_;
  std::unique_ptr<gzFile_s, closer> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t number_ = 0;
  bool skipping_ = false;
};

}  // namespace lineshaft::replay
