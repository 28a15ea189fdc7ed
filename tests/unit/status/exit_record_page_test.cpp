// The page of the exit record names every key that it has as JSON, and no other.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "lineshaft/status.hpp"

TEST(exit_record, its_page_names_every_key) {
  std::set<std::string> documented;
  std::ifstream page(EXIT_RECORD_PAGE);
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const auto names = line.substr(0, line.find(" | ", 2));
    const std::regex name("`([a-z_]+)`");
    for (std::sregex_iterator one(names.begin(), names.end(), name), end; one != end; ++one)
      documented.insert((*one)[1]);
  }
  std::set<std::string> keys;
  for (const auto& one : lineshaft::to_json(lineshaft::exit_record{})) keys.emplace(one.key());
  EXPECT_EQ(documented, keys);
}
