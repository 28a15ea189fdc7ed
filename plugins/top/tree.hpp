#pragma once
// Who waits for whom, as lines: below each worker those that wait for it. Pure.
#include <string>
#include <vector>

#include "top/model.hpp"

namespace lineshaft::top {

struct branch {
  const row* one;
  std::string stem;  ///< "│  ├─ "
};

/// Each of these workers once, siblings in this order. One that waits for several stands below the first of them that
/// is there; one that waits for a family, below the first replica that is there; one whose are all left out, on top.
std::vector<branch> branches_of(const std::vector<const row*>& shown);

}  // namespace lineshaft::top
