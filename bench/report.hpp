#pragma once
// One measured row, as a line of JSON: what run.py puts into its table.
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace bench {

using clock = std::chrono::steady_clock;

inline double microseconds_since(clock::time_point began) {
  return std::chrono::duration<double, std::micro>(clock::now() - began).count();
}

struct series {
  std::vector<double> values;

  double at(double share) const {
    auto sorted = values;
    std::ranges::sort(sorted);
    return sorted.empty() ? 0
                          : sorted[std::min(sorted.size() - 1,
                                            static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
  }
  double median() const { return at(0.5); }
};

/// The most that a row may be: so many times its baseline, or so much in its own unit.
struct bound {
  enum class kind { ratio, value } is;
  double most;
};
inline bound at_most_times(double most) { return {bound::kind::ratio, most}; }
inline bound at_most(double most) { return {bound::kind::value, most}; }

/// Without a bound there is none that one run on one machine could judge.
inline void report(const std::string& row, const std::string& unit, const series& value,
                   const std::string& baseline_name, const series& baseline, std::optional<bound> most = std::nullopt) {
  const double base = baseline.median();
  boost::json::object line{
      {"row", row},
      {"unit", unit},
      {"value", value.median()},
      {"p99", value.at(0.99)},
      {"n", value.values.size()},
      {"baseline", baseline_name},
      {"baseline_value", base},
      {"ratio", base == 0 ? boost::json::value(nullptr) : boost::json::value(value.median() / base)}};
  if (most) {
    const bool of_ratio = most->is == bound::kind::ratio;
    line["target"] = {{of_ratio ? "ratio" : "value", most->most}};
    line["met"] = (of_ratio ? value.median() / base : value.median()) <= most->most;
  }
  std::cout << boost::json::serialize(line) << std::endl;
}

}  // namespace bench
