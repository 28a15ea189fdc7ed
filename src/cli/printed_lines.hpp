#pragma once
// What one worker has printed, as GET /v1/logs has it: out of its files, and behind them what its manager remembers and
// has not written yet, or could not write.
#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "output/log_reader.hpp"

namespace lineshaft::cli {

class printed_lines {
 public:
  /// `until`: of a worker of which nothing is remembered, later lines are left out; of the others, those that came
  /// after the last one that is remembered. They are for whoever goes on from there.
  printed_lines(const std::string& folder, const std::string& worker, std::string since,
                std::vector<boost::json::object> remembered, std::string until);

  std::optional<boost::json::object> next();
  /// In place of `next`: the last ones for which `wanted` holds.
  std::vector<boost::json::object> last(std::size_t count,
                                        const std::function<bool(const boost::json::object&)>& wanted);

  bool has_files() const { return files_.has_any(); }
  std::optional<std::string> begins_late(std::uint32_t kept) { return files_.begins_late(kept); }
  const std::vector<error>& problems() const { return files_.problems(); }

 private:
  bool take(const output::logged_line& line);
  boost::json::object to_json(const output::logged_line& line) const;
  void leave_out_what_was_read();

  std::string worker_;
  output::log_reader files_;
  std::vector<boost::json::object> remembered_;
  std::string until_;
  std::string last_time_;      ///< in the files
  std::size_t with_that_ = 0;  ///< lines of that time
  bool files_are_read_ = false;
  std::size_t at_ = 0;  ///< of those remembered
};

}  // namespace lineshaft::cli
