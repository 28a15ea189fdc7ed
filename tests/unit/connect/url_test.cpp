#include <gtest/gtest.h>

#include "lineshaft/connect.hpp"

using namespace lineshaft;

TEST(connector_url, has_a_scheme_a_rest_and_parameters) {
  struct row {
    const char *text, *scheme, *rest;
    std::map<std::string, std::string> parameters;
  };
  const row rows[] = {
      {"local:trades", "local", "trades", {}},
      {"local:", "local", "", {}},
      {"redis://host:6379/0", "redis", "//host:6379/0", {}},
      {"replay:a b/c.csv?speed=10&loop=true", "replay", "a b/c.csv", {{"speed", "10"}, {"loop", "true"}}},
      {"replay:x?symbol=A=B", "replay", "x", {{"symbol", "A=B"}}},
      {"replay:x?symbol=", "replay", "x", {{"symbol", ""}}},
      {"lmdb:x?", "lmdb", "x", {}},
  };
  for (const auto& row : rows) {
    const auto url = parse_connector_url(row.text);
    ASSERT_TRUE(url) << row.text;
    EXPECT_EQ(url->text, row.text);
    EXPECT_EQ(url->scheme, row.scheme) << row.text;
    EXPECT_EQ(url->rest, row.rest) << row.text;
    EXPECT_EQ(url->parameters, row.parameters) << row.text;
  }
}

TEST(connector_url, that_cannot_be_read_says_why) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "cannot read URL '': expected scheme:rest: Invalid argument"},
      {"trades", "cannot read URL 'trades': expected scheme:rest: Invalid argument"},
      {":x", "cannot read URL ':x': expected scheme:rest: Invalid argument"},
      {"a:b?speed", "cannot read URL 'a:b?speed': 'speed' is no key=value: Invalid argument"},
      {"a:b?=1", "cannot read URL 'a:b?=1': '=1' is no key=value: Invalid argument"},
      {"a:b?c=1&&d=2", "cannot read URL 'a:b?c=1&&d=2': '' is no key=value: Invalid argument"},
      {"a:b?c=1&c=2", "cannot read URL 'a:b?c=1&c=2': 'c' is given twice: Invalid argument"},
  };
  for (const auto& [text, message] : rows) {
    const auto url = parse_connector_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().message(), message);
  }
}

TEST(connector_url, with_an_unknown_parameter_lists_those_there_are) {
  const auto url = parse_connector_url("replay:x?sped=2");
  EXPECT_EQ(url->check_parameters({"speed", "loop"}).error().message(),
            "there is no parameter 'sped' in 'replay:x?sped=2'; there are: speed, loop: Invalid argument");
  EXPECT_EQ(url->check_parameters({}).error().message(),
            "there is no parameter 'sped' in 'replay:x?sped=2'; replay has none: Invalid argument");
  EXPECT_TRUE(url->check_parameters({"sped"}));
}
