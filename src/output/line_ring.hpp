#pragma once
// The last lines of one process, for its exit record. Holds nothing until there is a line.
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "output/line_splitter.hpp"

namespace lineshaft::output {

inline constexpr std::size_t kept_lines = 50;
/// Of each line its beginning: so a ring is 50 KiB at most.
inline constexpr std::size_t kept_of_a_line = 1024;

class line_ring {
 public:
  void add(std::string_view text);
  /// Oldest first.
  std::vector<std::string> lines() const;

 private:
  std::vector<std::string> lines_;
  std::size_t oldest_ = 0;
};

/// The last lines of one batch, without copies: of a flood only these ever reach the ring.
class batch_tail {
 public:
  void add(const line& what) { lines_[count_++ % kept_lines] = what.text; }
  /// Oldest first.
  std::vector<std::string_view> lines() const;
  void move_to(line_ring& ring);

 private:
  std::array<std::string_view, kept_lines> lines_;
  std::size_t count_ = 0;
};

}  // namespace lineshaft::output
