#include "config/value.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"

namespace lineshaft::config {
namespace {

constexpr std::size_t longest_shown = 60;

template <class... F>
struct overloaded : F... {
  using F::operator()...;
};

}  // namespace

const member* find(const table& in, std::string_view name) {
  const auto at = std::ranges::find(in, name, &member::name);
  return at == in.end() ? nullptr : &*at;
}

std::string to_text(const value& shown) {
  if (shown.as<table>() != nullptr) return "a table";
  if (shown.as<array>() != nullptr) return "an array";
  if (const auto* date = shown.as<moment>()) return date->text;
  auto text = boost::json::serialize(to_json(shown));
  if (text.size() > longest_shown) text = std::string(whole_characters(text, longest_shown)) + "…";
  return text;
}

boost::json::value to_json(const value& converted) {
  return std::visit(overloaded{
                        [](const moment& date) { return boost::json::value(date.text); },
                        [](const array& all) {
                          boost::json::array out;
                          for (const auto& one : all) out.push_back(to_json(one));
                          return boost::json::value(std::move(out));
                        },
                        [](const table& all) {
                          boost::json::object out;
                          for (const auto& one : all) out[one.name] = to_json(one.content);
                          return boost::json::value(std::move(out));
                        },
                        [](const auto& plain) { return boost::json::value(plain); },
                    },
                    converted.held);
}

}  // namespace lineshaft::config
