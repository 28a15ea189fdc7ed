// A file system of a few megabytes, in a mount namespace of a child's own, that runs full.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <print>

#include "lmdb/lmdb_cache.hpp"
#include "support/files.hpp"
#include "support/run.hpp"

using namespace lineshaft;

namespace {

constexpr int not_permitted = 77;

bool mount_small(const std::string& path) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=6m") == 0;
}

boost::asio::awaitable<std::string> fill(cache& to) {
  for (int i = 0; i < 2000; ++i) {
    cache_batch batch;
    batch.set("key " + std::to_string(i), std::string(10'000, 'x'));
    const auto applied = co_await to.apply(batch);
    if (!applied) co_return applied.error().message();
  }
  co_return "it never ran full";
}

int run_full(const std::string& path) {
  if (!mount_small(path)) return not_permitted;
  boost::asio::io_context io(1);
  auto in = lmdb::environment::open(path + "/cache", std::size_t{64} << 20, lmdb::access::read_write).value();
  lmdb::lmdb_cache cache(std::move(in), [] { return std::chrono::milliseconds(1); });
  const auto message = support::run(io, fill(cache));
  const auto first = support::run(io, cache.get("key 0"));
  const bool as_it_should = message == "cannot write to cache '" + path + "/cache': No space left on device" && first &&
                            *first && (*first)->size() == 10'000;
  if (!as_it_should) std::println(stderr, "{}", message);
  return as_it_should ? 0 : 1;
}

}  // namespace

TEST(lmdb_cache, on_a_full_disk_says_so_and_goes_on_reading) {
  const support::temporary_folder folder;
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(run_full(folder / ""));
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status)) << "killed by signal " << WTERMSIG(status);
  if (WEXITSTATUS(status) == not_permitted) GTEST_SKIP() << "no mount namespace may be made here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}
