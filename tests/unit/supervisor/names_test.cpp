#include "supervisor/names.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace lineshaft::supervisor;

TEST(names, are_1_to_64_of_letters_digits_dot_underscore_and_hyphen) {
  const struct {
    std::string name;
    bool fits;
  } table[] = {
      {"a", true},
      {"Z", true},
      {"0", true},
      {"processor-0", true},
      {"a.b_c-d", true},
      {"", false},
      {".a", false},
      {"-a", false},
      {"_a", false},
      {"a/b", false},
      {"a b", false},
      {"a\n", false},
      {"ä", false},
      {"..", false},
      {"a=b", false},
      {std::string(64, 'x'), true},
      {std::string(65, 'x'), false},
      {std::string("a\0b", 3), false},
  };
  for (const auto& row : table) EXPECT_EQ(check_name(row.name).has_value(), row.fits) << "'" << row.name << "'";
}

TEST(names, one_that_does_not_fit_is_named_but_not_at_any_length) {
  EXPECT_TRUE(check_name("a b").error().message().starts_with("cannot use 'a b' as a name: 1 to 64 of"));
  EXPECT_LT(check_name(std::string(100'000, 'x')).error().message().size(), 400U);
}
