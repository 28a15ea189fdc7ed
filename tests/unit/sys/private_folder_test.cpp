#include "sys/private_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "support/files.hpp"

using namespace lineshaft::sys;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat facts{};
  EXPECT_EQ(::stat(path.c_str(), &facts), 0);
  return facts.st_mode & 0777;
}

}  // namespace

TEST(own_folder, is_made_with_those_above_it_and_is_open_as_far_as_was_asked_for) {
  const support::temporary_folder folder;
  const auto path = folder / "a/b/c";
  for (const auto& [access, mode] : {std::pair(folder_access::closed, 0700), std::pair(folder_access::passed, 0711),
                                     std::pair(folder_access::listed, 0755), std::pair(folder_access::closed, 0700)}) {
    ASSERT_TRUE(make_own_folder(path, access));
    EXPECT_EQ(mode_of(path), mode_t(mode));
  }
}

TEST(own_folder, is_no_link_and_no_file) {
  const support::temporary_folder folder;
  std::filesystem::create_directory(folder / "real");
  std::filesystem::create_directory_symlink(folder / "real", folder / "link");
  EXPECT_FALSE(make_own_folder(folder / "link", folder_access::closed));
  ASSERT_TRUE(try_lock(folder / "file"));
  EXPECT_FALSE(make_own_folder(folder / "file", folder_access::closed));
  EXPECT_FALSE(make_own_folder(folder / "file/below", folder_access::closed));
}

TEST(lock, is_held_by_one_until_it_is_closed) {
  const support::temporary_folder folder;
  const auto path = folder / "lock";
  EXPECT_FALSE(is_locked(path).value());
  auto held = try_lock(path).value();
  ASSERT_TRUE(held);
  EXPECT_TRUE(is_locked(path).value());
  EXPECT_FALSE(try_lock(path).value());
  held.reset();
  EXPECT_FALSE(is_locked(path).value());
  EXPECT_TRUE(try_lock(path).value());
}

TEST(lock, that_others_look_at_can_be_taken) {
  const support::temporary_folder folder;
  const auto path = folder / "lock";
  ASSERT_TRUE(try_lock(path));
  std::jthread looks([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) EXPECT_TRUE(is_locked(path));
  });
  for (int round = 0; round < 5000; ++round) ASSERT_TRUE(try_lock(path).value()) << round;
}
