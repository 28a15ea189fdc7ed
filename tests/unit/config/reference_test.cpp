#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "config/schema.hpp"

using namespace lineshaft::config;

TEST(pipeline_file_page, of_the_reference_is_what_the_table_of_keys_says) {
  if (std::getenv("LINESHAFT_WRITE_REFERENCE") != nullptr) std::ofstream(PIPELINE_FILE_PAGE) << reference_page();
  std::stringstream written;
  written << std::ifstream(PIPELINE_FILE_PAGE).rdbuf();
  EXPECT_EQ(written.str(), reference_page())
      << "LINESHAFT_WRITE_REFERENCE=1 ./dev exec build/bin/config_test writes it anew";
}
