#pragma once
// What workers print, interleaved: each line behind the name of its worker, in the worker's colour.
#include <boost/json/object.hpp>
#include <map>
#include <string>

#include "cli/terminal.hpp"

namespace lineshaft::cli {

class log_view {
 public:
  explicit log_view(bool coloured) : coloured_(coloured) {}

  /// "processor-0 | text"; "!" in place of "|" before what came from standard error.
  std::string line(const boost::json::object& shown);
  /// With the time in front.
  std::string timed_line(const boost::json::object& shown);

 private:
  colour colour_of(const std::string& worker);

  bool coloured_;
  std::size_t widest_ = 0;  ///< name so far
  std::map<std::string, colour> colours_;
};

}  // namespace lineshaft::cli
