// The pages about the command are what its tables of verbs say.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cli/help.hpp"

using namespace lineshaft::cli;

namespace {

void expect_page(const char* path, const std::string& page) {
  if (std::getenv("LINESHAFT_WRITE_REFERENCE") != nullptr) std::ofstream(path) << page;
  std::stringstream written;
  written << std::ifstream(path).rdbuf();
  EXPECT_EQ(written.str(), page) << "LINESHAFT_WRITE_REFERENCE=1 ./dev exec build/bin/cli_test writes it anew";
}

}  // namespace

TEST(command_page, of_the_reference_is_what_the_verbs_say) {
  common ignored;
  expect_page(COMMAND_PAGE, command_page(all_verbs(), common_options(ignored)));
}

TEST(man_page, is_what_the_verbs_say) {
  common ignored;
  expect_page(MAN_PAGE, man_page(all_verbs(), common_options(ignored)));
}
