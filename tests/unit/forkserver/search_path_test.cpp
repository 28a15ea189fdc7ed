#include "forkserver/search_path.hpp"

#include <gtest/gtest.h>

using lineshaft::forkserver::search_path;
using texts = std::vector<std::string>;

TEST(search_path, is_what_execvp_would_look_at) {
  const struct {
    const char* name;
    texts environment;
    texts expected;
  } table[] = {
      {"ls", {"PATH=/a:/b"}, {"/a/ls", "/b/ls"}},
      {"ls", {"A=1", "PATH=/a", "B=2"}, {"/a/ls"}},
      // A slash anywhere: it means itself, whatever PATH says.
      {"/bin/ls", {"PATH=/a"}, {"/bin/ls"}},
      {"./ls", {"PATH=/a"}, {"./ls"}},
      {"x/ls", {"PATH=/a"}, {"x/ls"}},
      {"ls/", {"PATH=/a"}, {"ls/"}},
      // No PATH: the system's default.
      {"ls", {}, {"/bin/ls", "/usr/bin/ls"}},
      {"ls", {"PATHS=/a", "MYPATH=/b", "path=/c"}, {"/bin/ls", "/usr/bin/ls"}},
      // An empty part is the working directory.
      {"ls", {"PATH="}, {"./ls"}},
      {"ls", {"PATH=:/a"}, {"./ls", "/a/ls"}},
      {"ls", {"PATH=/a:"}, {"/a/ls", "./ls"}},
      {"ls", {"PATH=/a::/b"}, {"/a/ls", "./ls", "/b/ls"}},
      {"ls", {"PATH=bin"}, {"bin/ls"}},
      // Spaces are letters like others.
      {"a b", {"PATH=/c d:/e"}, {"/c d/a b", "/e/a b"}},
      // An empty name is no program, and must not become a folder of PATH.
      {"", {"PATH=/a:/b"}, {""}},
  };
  for (const auto& row : table) {
    EXPECT_EQ(search_path(row.name, row.environment), row.expected)
        << row.name << " in " << (row.environment.empty() ? "nothing" : row.environment.front());
  }
}
