// lineshaft-cache as a user calls it, on a cache that this process has open for writing.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>

#include "lineshaft/cache.hpp"
#include "support/files.hpp"
#include "support/run.hpp"

using namespace lineshaft;

namespace {

struct outcome {
  std::string output;
  int code;
};

outcome call(const std::string& arguments) {
  FILE* pipe = ::popen((std::string(LINESHAFT_CACHE) + " " + arguments + " 2>&1").c_str(), "r");
  std::string output;
  char buffer[4096];
  for (std::size_t count; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, count);
  const int status = ::pclose(pipe);
  return {output, WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

}  // namespace

TEST(lineshaft_cache, shows_what_is_in_a_cache_while_it_is_open_for_writing) {
  const support::temporary_folder folder;
  const auto path = (folder / "cache");
  boost::asio::io_context io(1);
  const auto cache = support::run(io, open_cache(io.get_executor(), "lmdb:" + path)).value();
  cache_batch batch;
  batch.set("quote:A", R"({"price":1.5})").set("quote:B", "b");
  batch.set_fields("symbol:A:data", {{"close", "1.5"}, {"symbol", "A"}});
  batch.push("news", "old", 10).push("news", "new", 10);
  batch.add_scores("top", {{"A", 1.5}, {"B", 20}, {"C", -3}});
  ASSERT_TRUE(support::run(io, cache->apply(batch)));

  struct row {
    std::string arguments, output;
    int code;
  };
  const row rows[] = {
      {"get " + path + " quote:A", "{\"price\":1.5}\n", 0},
      {"get " + path + " symbol:A:data", "close\t1.5\nsymbol\tA\n", 0},
      {"top " + path + " top", "1\t20\tB\n2\t1.5\tA\n3\t-3\tC\n", 0},
      {"top " + path + " top -n 1", "1\t20\tB\n", 0},
      {"list " + path + " news", "new\nold\n", 0},
      {"list " + path + " news --count 1", "new\n", 0},
      {"keys " + path + " quote:", "quote:A\nquote:B\n", 0},
      {"keys " + path + " x", "", 0},
      {"get " + path + " none", "lineshaft-cache: there is no key 'none' in cache '" + path + "'\n", 1},
      {"top " + path + " none", "lineshaft-cache: there is no key 'none' in cache '" + path + "'\n", 1},
      {"get " + path + " news", "lineshaft-cache: key 'news' holds a list: lineshaft-cache list shows it\n", 1},
      {"get " + path + " top", "lineshaft-cache: key 'top' holds a sorted set: lineshaft-cache top shows it\n", 1},
      {"list " + path + " quote:A",
       "lineshaft-cache: cannot use key 'quote:A' as a list: it holds a value: Invalid argument\n", 1},
      {"keys " + path + "/none", "lineshaft-cache: there is no cache in '" + path + "/none'\n", 1},
  };
  for (const auto& row : rows) {
    const auto got = call(row.arguments);
    EXPECT_EQ(got.output, row.output) << row.arguments;
    EXPECT_EQ(got.code, row.code) << row.arguments;
  }
  EXPECT_EQ(call("").code, 2);
  EXPECT_EQ(call("get " + path).code, 2);
  EXPECT_EQ(call("top " + path + " top -n few").code, 2);
  EXPECT_EQ(call("--help").code, 0);
}
