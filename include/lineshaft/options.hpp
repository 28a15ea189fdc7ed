#pragma once
// The options of a worker class: a struct described with Boost.Describe, carried as JSON.
#include <boost/describe/members.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>
#include <boost/mp11/algorithm.hpp>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "lineshaft/error.hpp"

namespace lineshaft {

/// A field of an options struct that has no sensible default: without a value for it the start is refused.
/// Reads and converts as a plain T.
template <class T>
struct required {
  T value{};
  required() = default;
  template <class U>
    requires std::constructible_from<T, U&&> && (!std::same_as<std::remove_cvref_t<U>, required>)
  required(U&& given) : value(std::forward<U>(given)) {}  // NOLINT(google-explicit-constructor): reads as a T
  operator const T&() const { return value; }             // NOLINT(google-explicit-constructor)
  const T* operator->() const { return &value; }
};

template <class T>
void tag_invoke(const boost::json::value_from_tag&, boost::json::value& out, const required<T>& from) {
  out = boost::json::value_from(from.value);
}

namespace detail {

template <class T>
inline constexpr bool is_required = false;
template <class T>
inline constexpr bool is_required<required<T>> = true;

template <class T>
struct field_type {
  using type = T;
};
template <class T>
struct field_type<required<T>> {
  using type = T;
};

/// "a number", "text" …: what an error says was expected.
template <class T>
std::string expected_kind() {
  if constexpr (std::is_same_v<T, bool>)
    return "true or false";
  else if constexpr (std::is_unsigned_v<T>)
    return "a whole number that is not negative";
  else if constexpr (std::is_integral_v<T>)
    return "a whole number";
  else if constexpr (std::is_floating_point_v<T>)
    return "a number";
  else if constexpr (std::is_convertible_v<T, std::string>)
    return "text";
  else
    return "a value of another shape";
}

template <class Options>
using members_of =
    boost::describe::describe_members<Options, boost::describe::mod_public | boost::describe::mod_inherited>;

/// The names of all fields, for an error about one that does not exist: "text, every_ms".
template <class Options>
std::string field_names() {
  std::string names;
  boost::mp11::mp_for_each<members_of<Options>>(
      [&](auto member) { names += (names.empty() ? "" : ", ") + std::string(member.name); });
  return names.empty() ? "none" : names;
}

template <class Options, class Member>
void read_field(const boost::json::object& from, Options& into, Member member, std::string& problem) {
  if (!problem.empty()) return;
  auto& field = into.*member.pointer;
  using declared = std::remove_reference_t<decltype(field)>;
  using type = typename field_type<declared>::type;
  const auto* given = from.if_contains(member.name);
  if (given == nullptr) {
    if (is_required<declared>)
      problem = "option '" + std::string(member.name) + "' is missing: " + expected_kind<type>() + " is needed";
    return;
  }
  if (auto value = boost::json::try_value_to<type>(*given)) {
    field = std::move(*value);
  } else {
    problem = "option '" + std::string(member.name) + "' is " + boost::json::serialize(*given) + ", expected " +
              expected_kind<type>();
    if constexpr (std::is_integral_v<type> && !std::is_same_v<type, bool>)
      if (given->is_int64() || given->is_uint64())
        problem += ", from " + std::to_string(std::numeric_limits<type>::min()) + " to " +
                   std::to_string(std::numeric_limits<type>::max());
  }
}

}  // namespace detail

/// Reads options. A missing field keeps its default, unless it is `required`; a field of the wrong
/// type, a missing required one, or one that does not exist is an error that names it.
template <class Options>
result<Options> options_from_json(const boost::json::object& from) {
  Options options{};
  std::string problem;
  boost::mp11::mp_for_each<detail::members_of<Options>>(
      [&](auto member) { detail::read_field(from, options, member, problem); });
  for (const auto& [key, value] : from) {
    if (!problem.empty()) break;
    bool known = false;
    boost::mp11::mp_for_each<detail::members_of<Options>>([&](auto member) { known = known || key == member.name; });
    if (!known) problem = "there is no option '" + std::string(key) + "'; there are: " + detail::field_names<Options>();
  }
  if (!problem.empty()) return fail(std::errc::invalid_argument, problem);
  return options;
}

template <class Options>
boost::json::object options_to_json(const Options& options) {
  boost::json::object out;
  boost::mp11::mp_for_each<detail::members_of<Options>>(
      [&](auto member) { out[member.name] = boost::json::value_from(options.*member.pointer); });
  return out;
}

}  // namespace lineshaft
