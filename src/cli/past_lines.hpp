#pragma once
// What workers have printed until now: out of their files, and of the manager's memory what is not in a file.
#include <boost/json/array.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/told.hpp"

namespace lineshaft::cli {

struct wanted_lines {
  std::vector<std::string> workers;
  std::string since;                  ///< a time as it stands in a line; empty: all
  std::optional<std::uint64_t> last;  ///< of those that `match`, no more than so many
  std::function<bool(const std::string& line)> match;
  std::map<std::string, std::uint32_t> old_files;  ///< how many are kept; of those that are not here, as usual
};

/// Of GET /v1/logs?follow=false.
struct remembered_lines {
  boost::json::array all;
  bool complete = true;  ///< nothing that was printed since the manager began has been left out
};

/// Those in memory alone.
void tell_remembered(const wanted_lines& wanted, const remembered_lines& from, const take_one& take);

/// In the order of their times, those of one worker in their order. `until`: later ones are left out. What cannot be
/// told, since it is not kept any more or cannot be read, is said.
void tell_printed(const invocation& with, const wanted_lines& wanted, const std::string& folder,
                  const remembered_lines& from, const std::string& until, const take_one& take);

}  // namespace lineshaft::cli
