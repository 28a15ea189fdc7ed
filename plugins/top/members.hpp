#pragma once
// Members of what a manager answers. What is missing, or of another kind, is empty.
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineshaft::top {

std::string text(const boost::json::object& from, std::string_view name);
std::optional<std::int64_t> number(const boost::json::object& from, std::string_view name);

}  // namespace lineshaft::top
