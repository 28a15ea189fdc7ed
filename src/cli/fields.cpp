#include "cli/fields.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

namespace lineshaft::cli {
namespace json = boost::json;

std::string text_in(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  if (found == nullptr || found->is_null()) return "-";
  return found->is_string() ? json::value_to<std::string>(*found) : json::serialize(*found);
}

std::int64_t number_in(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found != nullptr && found->is_number() ? found->to_number<std::int64_t>() : 0;
}

}  // namespace lineshaft::cli
