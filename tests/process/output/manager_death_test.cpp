// Who prints while its manager is dead (decision 0065, and complaint 35 of research/peers.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"

using support::eventually;
using ::testing::ElementsAre;

TEST(manager_death, peers_35_ends_nobody_who_prints_more_than_a_pipe_holds_before_it_has_stopped) {
  const support::temporary_folder folder;
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  const auto command = "echo $$; exec " + self + " manager " + (folder / "");
  FILE* output = ::popen(command.c_str(), "r");
  char line[64] = {};
  ASSERT_NE(std::fgets(line, sizeof line, output), nullptr);
  const auto manager = static_cast<pid_t>(std::strtol(line, nullptr, 10));
  ASSERT_NE(std::fgets(line, sizeof line, output), nullptr);
  ASSERT_EQ(std::string(line), "ready\n");
  const auto fork_server = support::fork_server_of(std::to_string(manager));
  ASSERT_NE(fork_server, 0);
  ::kill(manager, SIGKILL);
  ::pclose(output);
  ASSERT_TRUE(eventually([&] { return support::is_gone(fork_server); })) << "it waits for them all";
  EXPECT_THAT(support::lines_of(folder / "program"), ElementsAre("printed"));
  EXPECT_THAT(support::lines_of(folder / "class"), ElementsAre("printed"));
  EXPECT_THAT(support::lines_of(folder / "spare"), ElementsAre("printed"));
}
