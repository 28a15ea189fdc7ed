#include "config/variables.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::config;

TEST(variables, are_expanded_in_strings_and_a_missing_one_is_a_fault) {
  const struct {
    const char* text;
    const char* expected;
  } rows[] = {
      {"plain", "plain"},
      {"${HOME}/cache", "/somewhere/cache"},
      {"${HOME}${HOME}", "/somewhere/somewhere"},
      {"${NONE:-default}", "default"},
      {"${NONE:-}", ""},
      {"${EMPTY:-default}", "default"},
      {"${EMPTY}", ""},
      {"${HOME:-default}", "/somewhere"},
      {"$HOME $$ $", "$HOME $$ $"},
      {"$${HOME}", "${HOME}"},
      {"a$${b}c${HOME}", "a${b}c/somewhere"},
      {"${HOME:-${EMPTY}}", "the default of HOME holds another variable, which is not replaced; write its value there"},
      {"${NONE}", "there is no environment variable NONE; set it, or say what holds without it: ${NONE:-…}"},
      {"${", "'${' has no '}'; a plain ${ is written $${"},
      {"${}", "${} names no variable; a plain ${ is written $${"},
      {"${a-b}", "${a-b} names no variable; a plain ${ is written $${"},
      {"${1}", "${1} names no variable; a plain ${ is written $${"},
  };
  const auto lookup = [](std::string_view name) -> std::optional<std::string> {
    if (name == "HOME") return "/somewhere";
    if (name == "EMPTY") return "";
    return std::nullopt;
  };
  for (const auto& row : rows) {
    value tree{{}, table{{"key", {}, {{}, array{{{}, std::string(row.text)}}}}}};
    std::vector<fault> faults;
    expand_variables(tree, lookup, faults);
    const auto& expanded = *tree.as<table>()->front().content.as<array>()->front().as<std::string>();
    EXPECT_EQ(faults.empty() ? expanded : faults.front().text + "; " + faults.front().hint, row.expected) << row.text;
    for (const auto& one : faults) EXPECT_EQ(one.key, "key");
  }
}
