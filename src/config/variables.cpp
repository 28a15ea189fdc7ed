#include "config/variables.hpp"

#include <algorithm>
#include <expected>
#include <format>

namespace lineshaft::config {
namespace {

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && letter(text.front()) && std::ranges::all_of(text, fits);
}

// What stands between the braces.
std::expected<std::string, std::string> expand_one(std::string_view inside, const variable_lookup& lookup) {
  const auto mark = inside.find(":-");
  const auto name = inside.substr(0, mark);
  if (mark != std::string_view::npos && inside.contains("${"))
    return std::unexpected(std::format("the default of {} holds another variable, which is not replaced", name));
  if (!is_name(name)) return std::unexpected(std::format("${{{}}} names no variable", inside));
  const auto found = lookup(name);
  if (mark != std::string_view::npos && (!found || found->empty())) return std::string(inside.substr(mark + 2));
  if (!found) return std::unexpected(std::format("there is no environment variable {}", name));
  return *found;
}

struct expansion {
  std::string text, problem, hint;
};

expansion expand(std::string_view text, const variable_lookup& lookup) {
  expansion out;
  while (!text.empty()) {
    const auto at = text.find("${");
    if (at == std::string_view::npos) break;
    if (at > 0 && text[at - 1] == '$') {
      out.text += std::string(text.substr(0, at - 1)) + "${";
      text.remove_prefix(at + 2);
      continue;
    }
    out.text += text.substr(0, at);
    const auto end = text.find('}', at);
    if (end == std::string_view::npos) {
      out.problem = "'${' has no '}'";
      out.hint = "a plain ${ is written $${";
      return out;
    }
    const auto inside = text.substr(at + 2, end - at - 2);
    auto one = expand_one(inside, lookup);
    if (!one) {
      out.problem = one.error();
      out.hint = is_name(inside)         ? std::format("set it, or say what holds without it: ${{{}:-…}}", inside)
                 : inside.contains("${") ? "write its value there"
                                         : "a plain ${ is written $${";
      return out;
    }
    out.text += *one;
    text.remove_prefix(end + 1);
  }
  out.text += text;
  return out;
}

void walk(value& one, const std::string& key, const variable_lookup& lookup, std::vector<fault>& faults) {
  if (auto* text = one.as<std::string>(); text != nullptr && text->contains("${")) {
    auto expanded = expand(*text, lookup);
    if (expanded.problem.empty()) {
      *text = std::move(expanded.text);
    } else {
      faults.push_back({one.where, key, expanded.problem, expanded.hint});
    }
  } else if (auto* all = one.as<array>()) {
    for (auto& each : *all) walk(each, key, lookup, faults);
  } else if (auto* members = one.as<table>()) {
    for (auto& each : *members) walk(each.content, key.empty() ? each.name : key + "." + each.name, lookup, faults);
  }
}

}  // namespace

void expand_variables(value& tree, const variable_lookup& lookup, std::vector<fault>& faults) {
  walk(tree, "", lookup, faults);
}

}  // namespace lineshaft::config
