#pragma once
// `replay:PATH?speed=&loop=&symbol=`, read and checked.
#include <string>

#include "lineshaft/connect.hpp"

namespace lineshaft::replay {

struct options {
  std::string path;
  double speed = 0;    ///< 2 = twice as fast as the events' own times; 0 = as fast as possible
  bool loop = false;   ///< from the beginning again, for ever
  std::string symbol;  ///< only events of this symbol; in a table without symbol column, the symbol of its rows
};

result<options> read_options(const connector_url& url);

}  // namespace lineshaft::replay
