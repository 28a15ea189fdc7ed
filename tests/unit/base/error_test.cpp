#include "lineshaft/error.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;

TEST(error, says_what_was_being_done_and_why_it_could_not_be_done) {
  EXPECT_EQ((error{std::make_error_code(std::errc::permission_denied), "cannot open '/x'"}.message()),
            "cannot open '/x': Permission denied");
  EXPECT_EQ((error{{}, "there is no worker 'a'"}.message()), "there is no worker 'a'");
}
