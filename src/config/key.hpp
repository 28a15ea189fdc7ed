#pragma once
// One key of a pipeline file: its name, how it is written, what it means and what it sets. Tables of keys read the
// file, and the JSON Schema and the reference are made from the same ones.
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/form.hpp"

namespace lineshaft::config {

template <class T>
struct key {
  std::string name;
  std::string expected;    ///< "a duration such as …": in errors and in the reference
  std::string by_default;  ///< as TOML; empty: nothing, or not one value
  std::string doc;
  boost::json::object schema;
  std::function<void(const value& from, const std::string& path, T& into, faults& found)> read;
};

template <class T>
using keys = std::vector<key<T>>;

/// A key that sets one member.
template <class Form, class T, class Member>
key<T> make_key(std::string name, Member T::* member, std::string doc) {
  key<T> made{std::move(name), Form::expected(), {}, std::move(doc), Form::schema(), {}};
  if constexpr (std::is_same_v<Member, typename Form::type>) {
    if constexpr (requires(const Member& shown) { Form::write(shown); }) made.by_default = Form::write(T{}.*member);
  }
  made.read = [member](const value& from, const std::string& path, T& into, faults& found) {
    typename Form::type given{};
    if (form::read<Form>(from, path, given, found)) into.*member = std::move(given);
  };
  return made;
}

template <class T>
std::vector<std::string> names_of(const keys<T>& known) {
  std::vector<std::string> names;
  for (const auto& one : known) names.push_back(one.name);
  return names;
}

/// Reads a table by its keys. What is no key, or no table, is a fault.
template <class T>
void read_table(const value& from, const std::string& path, const keys<T>& known, T& into, faults& found) {
  const auto* members = from.as<table>();
  if (members == nullptr) {
    found.push_back({from.where, path, to_text(from) + " has the wrong type", "a table is expected"});
    return;
  }
  for (const auto& one : *members) {
    const auto at = std::ranges::find(known, one.name, &key<T>::name);
    const auto name = path.empty() ? one.name : path + "." + one.name;
    if (at == known.end()) {
      found.push_back({one.where, name, "there is no such key", did_you_mean(one.name, names_of(known))});
    } else {
      at->read(one.content, name, into, found);
    }
  }
}

template <class T>
boost::json::object schema_of(const keys<T>& known) {
  boost::json::object properties;
  for (const auto& one : known) {
    auto schema = one.schema;
    schema["description"] = one.doc;
    properties[one.name] = std::move(schema);
  }
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

/// The keys of a part, as keys of the whole.
template <class Whole, class Part>
keys<Whole> lift(const keys<Part>& of_part, Part Whole::* part) {
  keys<Whole> lifted;
  for (const auto& one : of_part) {
    lifted.push_back({one.name, one.expected, one.by_default, one.doc, one.schema,
                      [read = one.read, part](const value& from, const std::string& path, Whole& into, faults& found) {
                        read(from, path, into.*part, found);
                      }});
  }
  return lifted;
}

namespace form {

/// A table with keys of its own. `Keys::all()` gives them, `Keys::type` is what they set.
template <class Keys>
struct section {
  using type = typename Keys::type;
  static bool read(const value& from, const std::string& path, type& into, faults& found) {
    const auto before = found.size();
    read_table(from, path, Keys::all(), into, found);
    return found.size() == before;
  }
  static std::string expected() { return "a table"; }
  static boost::json::object schema() { return schema_of(Keys::all()); }
};

/// One value in short, or a table in full. `Short` says how the short one sets the same.
template <class Keys, class Short>
struct short_or_section {
  using type = typename Keys::type;
  static bool read(const value& from, const std::string& path, type& into, faults& found) {
    if (from.as<table>() != nullptr) return section<Keys>::read(from, path, into, found);
    typename Short::form::type given{};
    const auto before = found.size();
    if (form::read<typename Short::form>(from, path, given, found)) {
      Short::set(into, given);
      return true;
    }
    for (auto at = before; at < found.size(); ++at) found[at].hint = expected() + " is expected";
    return false;
  }
  static std::string expected() { return Short::form::expected() + ", or a table"; }
  static boost::json::object schema() { return {{"anyOf", {Short::form::schema(), section<Keys>::schema()}}}; }
};

}  // namespace form
}  // namespace lineshaft::config
