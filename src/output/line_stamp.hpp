#pragma once
// What stands before each line in a file: `2026-11-24T13:50:04.123Z collector/3 out `. Name and generation can be
// told apart, since a name has no slash; a line that goes on in the next one has `out+`; `lost` is the manager's word.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "output/line_splitter.hpp"

namespace lineshaft::output {

enum class stream : std::uint8_t { out, err };

/// Of a worker's own: without what stands before its lines.
struct amount {
  std::uint64_t lines = 0, bytes = 0;
  amount& operator+=(const amount& more);
  friend bool operator==(const amount&, const amount&) = default;
};

class line_stamp {
 public:
  line_stamp(std::string_view worker, std::uint32_t generation);

  /// The time of the lines that follow, in UTC.
  void at(std::chrono::system_clock::time_point now);
  void write(const line& what, stream from, std::string& to) const;
  /// A line of the manager's own.
  void write_notice(std::string_view text, std::string& to) const;
  /// What one line takes beyond its text.
  std::size_t overhead() const { return text_.size() + 6; }

 private:
  std::chrono::sys_time<std::chrono::milliseconds> written_{};  ///< in the text
  std::string text_;
};

/// A line of a file, read back.
struct stamped_line {
  enum class kind : std::uint8_t { out, err, lost };
  std::string_view time, worker;  ///< "2026-11-24T13:50:04.123Z": such texts sort as the moments do
  std::uint32_t generation = 0;
  kind is = kind::out;
  std::string_view text;
};
/// Nothing: it has no stamp, so that it is the rest of a line, or no line of ours.
std::optional<stamped_line> read_stamped(std::string_view line);

/// How much of a worker's is in these lines of a file. The first may lack its beginning, of which nothing is known
/// then.
amount measure(std::string_view stamped);

}  // namespace lineshaft::output
