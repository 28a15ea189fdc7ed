#pragma once
// How a value of one C++ type is written in a pipeline file: read, written, described in words and as JSON Schema.
// A form is a struct of static functions; keys are made of a name, a member and a form.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <format>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/fault.hpp"
#include "config/texts.hpp"
#include "config/value.hpp"

namespace lineshaft::config {

using faults = std::vector<fault>;

/// Strings are expanded before they are read, so a schema that is looked at before has to let variables pass.
boost::json::object text_schema(std::string_view pattern);

namespace form {

/// A form whose values stand in one place: it parses, and one sentence says what is wrong.
template <class Form>
bool read_scalar(const value& from, const std::string& path, typename Form::type& into, faults& found) {
  auto parsed = Form::parse(from);
  if (parsed) {
    into = std::move(*parsed);
    return true;
  }
  found.push_back({from.where, path, to_text(from) + " " + parsed.error(), Form::expected() + " is expected"});
  return false;
}

/// What is said of a value of the wrong TOML type.
std::unexpected<std::string> wrong_type();

struct boolean {
  using type = bool;
  static reading<type> parse(const value& from);
  static std::string expected() { return "true or false"; }
  static std::string write(type shown) { return shown ? "true" : "false"; }
  static boost::json::object schema() { return {{"type", "boolean"}}; }
};

struct text {
  using type = std::string;
  static reading<type> parse(const value& from);
  static std::string expected() { return "text in quotation marks"; }
  static std::string write(const type& shown) { return boost::json::serialize(boost::json::string(shown)); }
  static boost::json::object schema() { return {{"type", "string"}}; }
};

/// A whole number between two bounds.
template <class T, std::int64_t Least, std::int64_t Most>
struct whole {
  using type = T;
  static reading<type> parse(const value& from) {
    const auto* number = from.as<std::int64_t>();
    if (number == nullptr) return wrong_type();
    if (*number < Least || *number > Most) return std::unexpected("is out of range");
    return static_cast<T>(*number);
  }
  static std::string expected() { return std::format("a whole number from {} to {}", Least, Most); }
  static std::string write(type shown) { return std::to_string(shown); }
  static boost::json::object schema() { return {{"type", "integer"}, {"minimum", Least}, {"maximum", Most}}; }
};

/// A number that may have a fraction; `Range` gives its bounds and their words.
template <class Range>
struct number {
  using type = double;
  static reading<type> parse(const value& from) {
    const auto* integer = from.as<std::int64_t>();
    const auto* real = from.as<double>();
    if (integer == nullptr && real == nullptr) return wrong_type();
    const double given = integer != nullptr ? static_cast<double>(*integer) : *real;
    if (!(given >= Range::least && given <= Range::most)) return std::unexpected("is out of range");
    return given;
  }
  static std::string expected() { return std::format("a number from {} to {}", Range::least, Range::most); }
  static std::string write(type shown) { return std::format("{}", shown); }
  static boost::json::object schema() {
    return {{"type", "number"}, {"minimum", Range::least}, {"maximum", Range::most}};
  }
};

struct duration {
  using type = std::chrono::milliseconds;
  static reading<type> parse(const value& from);
  static std::string expected() { return "a duration such as \"500ms\", \"10s\", \"5m\", \"6h\" or \"1d\""; }
  static std::string write(type shown) { return '"' + duration_text(shown) + '"'; }
  static boost::json::object schema() { return text_schema(R"(0|[0-9.]+(ms|s|m|h|d))"); }
};

struct size {
  using type = std::uint64_t;
  static reading<type> parse(const value& from);
  static std::string expected() { return "a size such as \"512KiB\", \"50MiB\" or \"2GB\""; }
  static std::string write(type shown) { return '"' + size_text(shown) + '"'; }
  static boost::json::object schema() { return text_schema(R"(0|[0-9.]+(B|KiB|MiB|GiB|kB|MB|GB))"); }
};

struct restart_limit {
  using type = lineshaft::restart_limit;
  static reading<type> parse(const value& from);
  static std::string expected() { return "a limit such as \"5 in 60s\""; }
  static std::string write(const type& shown) { return '"' + restart_limit_text(shown) + '"'; }
  static boost::json::object schema() { return text_schema(R"([0-9]+ in [0-9.]+(ms|s|m|h|d))"); }
};

struct rung {
  using type = stop_rung;
  static reading<type> parse(const value& from);
  static std::string expected() { return "a signal and how long it may take, such as \"SIGTERM 5s\","; }
  static std::string write(const type& shown) { return '"' + rung_text(shown) + '"'; }
  static constexpr std::string_view pattern = R"((SIG)?[A-Z0-9+]+( [0-9.]+(ms|s|m|h|d))?)";
  static boost::json::object schema() { return text_schema(pattern); }
};

struct resource_limit {
  using type = lineshaft::resource_limit;
  static reading<type> parse(const value& from);
  static std::string expected() { return "a number, a size, \"unlimited\", or two of them as \"SOFT:HARD\","; }
  static boost::json::object schema();
};

struct umask {
  using type = std::uint32_t;
  static reading<type> parse(const value& from);
  static std::string expected() { return "an octal number in quotation marks such as \"0027\""; }
  static boost::json::object schema() { return text_schema("[0-7]{1,4}"); }
};

struct user {
  using type = std::string;
  static reading<type> parse(const value& from);
  static std::string expected() { return "\"USER\" or \"USER:GROUP\", by name or number,"; }
  static std::string write(const type& shown) { return text::write(shown); }
  static boost::json::object schema() { return {{"type", "string"}}; }
};

/// One word out of few. `Words::all` is an array of {word, value}.
template <class Words>
struct one_of {
  using type = typename Words::type;
  static reading<type> parse(const value& from) {
    const auto* given = from.as<std::string>();
    if (given == nullptr) return wrong_type();
    for (const auto& [word, meant] : Words::all) {
      if (*given == word) return meant;
    }
    return std::unexpected("is none of the words here");
  }
  static std::string expected() {
    std::string list;
    for (const auto& [word, meant] : Words::all) list += (list.empty() ? "\"" : " or \"") + std::string(word) + '"';
    return list;
  }
  static std::string write(type shown) {
    for (const auto& [word, meant] : Words::all) {
      if (meant == shown) return '"' + std::string(word) + '"';
    }
    return {};
  }
  static boost::json::object schema() {
    boost::json::array words;
    for (const auto& [word, meant] : Words::all) words.push_back(boost::json::string(word));
    return {{"anyOf", {boost::json::object{{"enum", std::move(words)}}, text_schema("")}}};
  }
};

/// Any number of one form, at least `Least`.
template <class Form, std::size_t Least = 0>
struct list {
  using type = std::vector<typename Form::type>;
  static bool read(const value& from, const std::string& path, type& into, faults& found) {
    const auto* all = from.as<array>();
    if (all == nullptr || all->size() < Least) {
      found.push_back({from.where, path, all == nullptr ? to_text(from) + " has the wrong type" : "the array is empty",
                       expected() + " is expected"});
      return false;
    }
    type read;
    bool fits = true;
    for (const auto& one : *all) {
      typename Form::type each{};
      fits = read_scalar<Form>(one, path, each, found) && fits;
      read.push_back(std::move(each));
    }
    if (fits) into = std::move(read);
    return fits;
  }
  static std::string expected() { return "an array: [" + Form::expected() + ", …]"; }
  static std::string write(const type& shown) {
    std::string text;
    for (const auto& one : shown) text += (text.empty() ? "" : ", ") + Form::write(one);
    return "[" + text + "]";
  }
  static boost::json::object schema() { return {{"type", "array"}, {"items", Form::schema()}, {"minItems", Least}}; }
};

/// What the watchdog does. "stack", what it does in any case, may stand for that as its first step.
struct watchdog_ladder {
  using type = std::vector<stop_rung>;
  static bool read(const value& from, const std::string& path, type& into, faults& found);
  static std::string expected() { return "an array: [\"stack\", \"SIGABRT 2s\", …]"; }
  static std::string write(const type& shown);
  static boost::json::object schema();
};

/// Names and texts: an environment.
struct variables {
  using type = std::map<std::string, std::string>;
  static bool read(const value& from, const std::string& path, type& into, faults& found);
  static std::string expected() { return "a table of names and texts"; }
  static std::string write(const type&) { return "{}"; }
  static boost::json::object schema();
};

/// Read through the form, whichever kind it is.
template <class Form>
bool read(const value& from, const std::string& path, typename Form::type& into, faults& found) {
  if constexpr (requires { Form::parse(from); }) {
    return read_scalar<Form>(from, path, into, found);
  } else {
    return Form::read(from, path, into, found);
  }
}

}  // namespace form
}  // namespace lineshaft::config
