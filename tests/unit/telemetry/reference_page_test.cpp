// docs/reference/telemetry.md shows the very table that reads the variables. LINESHAFT_WRITE_REFERENCE=1 writes it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <format>
#include <fstream>
#include <iterator>

#include "telemetry/variables.hpp"

using namespace lineshaft::telemetry;

namespace {

constexpr std::string_view begin = "<!-- variables: written by reference_page_test -->\n", end = "<!-- end -->\n";

std::string_view word(support supported) {
  switch (supported) {
    case support::full: return "yes";
    case support::part: return "in part";
    case support::none: return "no";
  }
  return "";
}

std::string table() {
  std::string text = "| variable | value | default | what it says | supported |\n|---|---|---|---|---|\n";
  for (const auto& one : variables()) {
    const auto not_supported = one.lacks.empty() ? std::string() : std::format("; not: {}", one.lacks);
    text +=
        std::format("| `{}` | {} | {} | {} | {}{} |\n", one.name, one.type, one.fallback,
                    one.meaning.empty() ? "the same for one signal" : one.meaning, word(one.supported), not_supported);
  }
  return text;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST(reference_page, shows_the_table_of_variables) {
  const std::string path = REFERENCE_PAGE;
  auto page = read_file(path);
  const auto from = page.find(begin), to = page.find(end);
  ASSERT_NE(from, page.npos);
  ASSERT_NE(to, page.npos);
  const auto at = from + begin.size();
  if (std::getenv("LINESHAFT_WRITE_REFERENCE") != nullptr) {
    std::ofstream(path) << page.replace(at, to - at, table());
    return;
  }
  EXPECT_EQ(page.substr(at, to - at), table());
}
