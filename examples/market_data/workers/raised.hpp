#pragma once
// A flag that is up for as long as the thing it speaks of is there.
#include <lineshaft/metrics.hpp>

namespace market_data {

/// Takes the flag down whatever way its scope is left: at the end, by an exception, by cancellation.
class raised {
 public:
  explicit raised(lineshaft::flag& flag) : flag_(flag) { flag_.set(true); }
  ~raised() { flag_.set(false); }
  raised(const raised&) = delete;
  raised& operator=(const raised&) = delete;

 private:
  lineshaft::flag& flag_;
};

}  // namespace market_data
