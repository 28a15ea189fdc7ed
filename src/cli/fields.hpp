#pragma once
// Members of what a manager answers. Of another version's answer one may be missing.
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace lineshaft::cli {

/// As text; "-" if it is missing or null.
std::string text_in(const boost::json::object& from, std::string_view name);
/// 0 if it is missing or no number.
std::int64_t number_in(const boost::json::object& from, std::string_view name);

}  // namespace lineshaft::cli
