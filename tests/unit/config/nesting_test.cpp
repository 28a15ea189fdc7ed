#include "config/nesting.hpp"

#include <gtest/gtest.h>

#include "config/document.hpp"

using namespace lineshaft::config;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  while (times-- > 0) text += part;
  return text;
}

}  // namespace

TEST(nesting, of_usual_documents_is_not_too_deep) {
  for (const auto& text : {
           "[a.b.c]\nd.e = 1.5\nf = [[1, 2], [3.5, {g.h = 1}]]\n" + repeated("[[x]]\ny.z = 1\n", 200),
           "a = '" + repeated("x.", 200) + "'\n",
           "a = \"\\\"" + repeated("x.", 200) + "\"\n",
           "a = \"\"\"\n" + repeated(". [\"", 200) + "\n\"\"\"\n",
           "a = '''\n" + repeated("{.'", 200) + "\n'''\n",
           "# " + repeated("a.", 200) + "\n",
           "a = [" + repeated("1.5, ", 200) + "]\n",
           repeated("a.", 99) + "a = 1",
           std::string(),
       }) {
    EXPECT_FALSE(too_deep(text)) << text;
    EXPECT_TRUE(parse_document("a.toml", text)) << text;
  }
}

TEST(nesting, that_no_stack_may_carry_is_a_fault_with_its_place) {
  for (const auto& text : {
           repeated("a.", 1'000'000) + "a = 1",
           repeated("\"a\" . ", 1'000'000) + "a = 1",
           "[" + repeated("a.", 1'000'000) + "a]",
           "a = " + repeated("[", 200) + repeated("]", 200),
           "a = " + repeated("{ a.a.a.a.a.a = ", 200) + "1" + repeated("}", 200),
           "a = \"not closed\n" + repeated("a.", 1'000'000) + "a = 1",
       }) {
    const auto read = parse_document("a.toml", text);
    ASSERT_FALSE(read) << text.substr(0, 40);
    EXPECT_EQ(read.error().text, "this is deeper than 100 tables, arrays and parts of a key");
  }
  const auto where = too_deep("x = 1\n" + repeated("a.", 200) + "a = 1");
  ASSERT_TRUE(where);
  EXPECT_EQ(where->line, 2U);
  EXPECT_EQ(where->column, 202U);
}
