// Writers killed by SIGKILL wherever they happen to be: what they leave is the state after one of their batches.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <random>

#include "lmdb/lmdb_cache.hpp"
#include "support/files.hpp"
#include "support/run.hpp"

using namespace lineshaft;
namespace asio = boost::asio;

namespace {

constexpr std::size_t cap = 40;

std::unique_ptr<lmdb::lmdb_cache> open(const std::string& path) {
  auto in = lmdb::environment::open(path, std::size_t{64} << 20, lmdb::access::read_write).value();
  return std::make_unique<lmdb::lmdb_cache>(std::move(in), [] { return std::chrono::milliseconds(1'700'000'000'000); });
}

asio::awaitable<bool> write_for_ever(cache& to, std::uint64_t from, std::atomic<std::uint64_t>& written) {
  for (auto n = from;; ++n) {
    const auto text = std::to_string(n);
    cache_batch batch;
    batch.set("a", text).push("list", text + std::string(200, ' '), cap);
    batch.add_scores("scores", {{"member " + std::to_string(n % 97), static_cast<double>(n)}}).trim("scores", cap);
    batch.set_fields("hash", {{"n", text}}).set("b", text);
    const auto applied = co_await to.apply(batch);
    if (!applied) co_return false;
    written = n;
  }
}

struct state {
  std::uint64_t a, b;
  std::vector<std::string> list;
  std::vector<cache_score> scores;
  std::vector<cache_field> hash;
};

asio::awaitable<state> read_state(cache& from) {
  const auto number = [](const std::optional<std::string>& text) { return text ? std::stoull(*text) : 0; };
  state all;
  all.a = number((co_await from.get("a")).value());
  all.b = number((co_await from.get("b")).value());
  all.list = (co_await from.range("list", 1000)).value();
  all.scores = (co_await from.top("scores", 1000)).value();
  all.hash = (co_await from.get_fields("hash")).value();
  co_return all;
}

void expect_whole(const state& all) {
  EXPECT_EQ(all.a, all.b);
  ASSERT_EQ(all.list.size(), std::min<std::uint64_t>(all.a, cap));
  ASSERT_EQ(all.scores.size(), std::min<std::uint64_t>(all.a, cap));
  ASSERT_EQ(all.hash.size(), 1U);
  EXPECT_EQ(all.hash[0].value, std::to_string(all.a));
  for (std::size_t i = 0; i < all.list.size(); ++i) {
    EXPECT_EQ(std::stoull(all.list[i]), all.a - i);
    EXPECT_EQ(all.scores[i].score, static_cast<double>(all.a - i));
  }
}

}  // namespace

TEST(lmdb_cache, is_whole_after_its_writers_were_killed_anywhere) {
  const support::temporary_folder folder;
  const auto path = (folder / "cache");
  auto* written = new (::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
      std::atomic<std::uint64_t>(0);
  std::mt19937 random(41);
  for (int round = 0; round < 60; ++round) {
    const auto start = written->load() + 1;
    // The cache is not open here while it is in the child: LMDB does not cross fork().
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      asio::io_context io(1);
      const auto cache = open(path);
      support::run(io, write_for_ever(*cache, start, *written));
      ::_exit(1);
    }
    const auto enough = start + random() % 200;
    while (written->load() < enough && ::kill(pid, 0) == 0) {
    }
    ::kill(pid, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    ASSERT_TRUE(WIFSIGNALED(status));

    asio::io_context io(1);
    const auto cache = open(path);
    const auto found = support::run(io, read_state(*cache));
    expect_whole(found);
    ASSERT_FALSE(HasFailure());
    // Committed, or just not: nothing that was committed is gone.
    EXPECT_TRUE(found.a == written->load() || found.a == written->load() + 1) << found.a << ' ' << written->load();
    *written = found.a;
  }
}
