#include "sys/memory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/processes.hpp"

using namespace lineshaft;

TEST(memory, sealed_is_of_one_size_for_ever_whoever_holds_it) {
  const auto file = sys::sealed_memory("test", 10'000);
  ASSERT_TRUE(file);
  EXPECT_EQ(sys::sealed_size(file->get()), 10'000U);
  EXPECT_LT(::ftruncate(file->get(), 0), 0);
  EXPECT_LT(::ftruncate(file->get(), 20'000), 0);
  EXPECT_LT(::fcntl(file->get(), F_ADD_SEALS, F_SEAL_WRITE), 0) << "nor can another seal keep its writer out";
  EXPECT_NE(::fcntl(file->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(memory, what_one_mapping_writes_another_reads) {
  const auto file = sys::sealed_memory("test", 100);
  ASSERT_TRUE(file);
  auto writer = sys::map(file->get(), 100, sys::access::read_write);
  const auto reader = sys::map(file->get(), 100, sys::access::read_only);
  ASSERT_TRUE(writer && reader);
  EXPECT_EQ(reader->bytes()[99], std::byte{0});
  writer->bytes()[99] = std::byte{7};
  EXPECT_EQ(reader->bytes()[99], std::byte{7});
}

TEST(memory, a_mapping_ends_with_its_owner_and_moves_with_it) {
  const auto count = [] { return support::mappings("memfd:test"); };
  const auto file = sys::sealed_memory("test", 4096);
  ASSERT_TRUE(file);
  {
    auto one = std::move(sys::map(file->get(), 4096, sys::access::read_only).value());
    sys::mapping moved(std::move(one));
    sys::mapping assigned;
    assigned = std::move(moved);
    EXPECT_EQ(assigned.bytes().size(), 4096U);
    EXPECT_EQ(count(), 1U);
  }
  EXPECT_EQ(count(), 0U);
}

TEST(memory, of_no_size_or_of_something_else_cannot_be_mapped) {
  const auto empty = sys::sealed_memory("test", 0);
  ASSERT_TRUE(empty);
  EXPECT_EQ(sys::sealed_size(empty->get()), 0U);
  EXPECT_EQ(sys::map(empty->get(), 0, sys::access::read_only).error().message(),
            "cannot map shared memory: Invalid argument");
  EXPECT_FALSE(sys::sealed_size(-1));
  EXPECT_FALSE(sys::map(-1, 4096, sys::access::read_only));
}
