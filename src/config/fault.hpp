#pragma once
// What is wrong with a pipeline file: all of it at once, each with its place.
#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <vector>

#include "config/value.hpp"

namespace lineshaft::config {

struct fault {
  place where;
  std::string key;   ///< "worker.processor.restart.delay"; empty: no key in particular
  std::string text;  ///< "5 has no unit: a duration is expected, …"
  std::string hint;  ///< what to do about it, if that is known: "did you mean 'delay'?"
};

/// In the order of the files and lines.
void sort(std::vector<fault>& faults);

/// "pipeline.toml:12:3: worker.a.delay: 5 has no unit: …; did you mean …"
std::string to_text(const fault& shown);
/// {"file", "line", "column", "key", "message", "hint"}
boost::json::object to_json(const fault& shown);

/// The one of `known` that was probably meant: "did you mean 'delay'?", else empty.
std::string did_you_mean(std::string_view given, std::span<const std::string> known);

}  // namespace lineshaft::config
