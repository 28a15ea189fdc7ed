#pragma once
// A pipeline file as it was read: values that know where they stand, in the order in which they were written.
#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lineshaft::config {

struct place {
  std::shared_ptr<const std::string> file;  ///< its name, as it was given
  std::uint32_t line = 0, column = 0;       ///< from 1; 0: the file as a whole
};

struct value;
struct member;

using array = std::vector<value>;
using table = std::vector<member>;
/// A date or a time: TOML has them, no key of ours takes one.
struct moment {
  std::string text;
};

struct value {
  place where;
  std::variant<bool, std::int64_t, double, std::string, moment, array, table> held;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&held);
  }
  template <class T>
  T* as() {
    return std::get_if<T>(&held);
  }
};

struct member {
  std::string name;
  place where;  ///< of the name
  value content;
};

const member* find(const table& in, std::string_view name);

/// As somebody would write it, cut where it gets long: for errors.
std::string to_text(const value& shown);
boost::json::value to_json(const value& converted);

}  // namespace lineshaft::config
