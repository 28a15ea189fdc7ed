#include "config/value.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::config;

TEST(value, is_shown_as_somebody_would_write_it_and_shortened_between_letters) {
  const auto shown = [](auto held) { return to_text({{}, std::move(held)}); };
  EXPECT_EQ(shown(std::string("text")), "\"text\"");
  EXPECT_EQ(shown(true), "true");
  EXPECT_EQ(shown(array()), "an array");
  EXPECT_EQ(shown(std::string(100, 'x')), "\"" + std::string(59, 'x') + "…");
  // Its second byte would be the 61st.
  EXPECT_EQ(shown(std::string(58, 'x') + "ää"), "\"" + std::string(58, 'x') + "…");
  EXPECT_EQ(shown(std::string(57, 'x') + "ääää"), "\"" + std::string(57, 'x') + "ä…");
}
