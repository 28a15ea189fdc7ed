#include "supervisor/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

using namespace lineshaft;
using namespace lineshaft::supervisor;
using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using texts = std::vector<std::string>;
using extras = std::map<std::string, std::string>;

namespace {

constexpr const char* parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr const char* stale = "TRACEPARENT=00-11111111111111111111111111111111-2222222222222222-01";

texts as_worker(const texts& inherited, const trace_context& context, const extras& extra = {}) {
  return worker_environment(inherited, context, "w", 3, extra);
}

}  // namespace

TEST(environment, is_the_managers_with_the_workers_own_in_it) {
  const std::string traceparent = std::string("TRACEPARENT=") + parent;
  const struct {
    const char* what;
    texts inherited;
    trace_context context;
    extras extra;
    texts expected;  ///< beside the worker's name and generation
  } table[] = {
      {"what the manager has", {"A=1", "B="}, {}, {}, {"A=1", "B="}},
      {"the context it is started under",
       {"A=1"},
       {.traceparent = parent, .tracestate = "k=v", .baggage = "b=1"},
       {},
       {"A=1", traceparent, "TRACESTATE=k=v", "BAGGAGE=b=1"}},
      {"the manager's own context is none of the worker's",
       {stale, "TRACESTATE=x=y", "BAGGAGE=z=1", "A=1"},
       {},
       {},
       {"A=1"}},
      {"nor does any part of it stay beside another",
       {stale, "TRACESTATE=x=y", "BAGGAGE=z=1"},
       {.traceparent = parent},
       {},
       {traceparent}},
      {"a tracestate means nothing without its parent", {}, {.tracestate = "k=v"}, {}, {}},
      {"a variable that only begins alike stays",
       {"TRACEPARENTS=1", "MY_TRACEPARENT=2"},
       {},
       {},
       {"TRACEPARENTS=1", "MY_TRACEPARENT=2"}},
      {"env of the options wins over what is inherited", {"A=1", "AB=2"}, {}, {{"A", "2"}}, {"AB=2", "A=2"}},
      {"even over the context", {}, {.traceparent = parent}, {{"TRACEPARENT", ""}}, {"TRACEPARENT="}},
      {"a name that is there twice is there once afterwards", {"A=1", "A=3"}, {}, {{"A", "2"}}, {"A=2"}},
      {"a value may hold anything", {"A=b=c"}, {}, {{"Z", "x y=\n"}}, {"A=b=c", "Z=x y=\n"}},
  };
  for (const auto& row : table) {
    auto expected = row.expected;
    expected.insert(expected.end(), {"LINESHAFT_WORKER=w", "LINESHAFT_GENERATION=3"});
    EXPECT_THAT(as_worker(row.inherited, row.context, row.extra), testing::UnorderedElementsAreArray(expected))
        << row.what;
  }
}

TEST(environment, says_who_the_worker_is_and_not_who_started_the_manager) {
  EXPECT_THAT(as_worker({"LINESHAFT_WORKER=outer", "LINESHAFT_GENERATION=9"}, {}),
              UnorderedElementsAre("LINESHAFT_WORKER=w", "LINESHAFT_GENERATION=3"));
  EXPECT_THAT(as_worker({}, {}, {{"LINESHAFT_WORKER", "mine"}}),
              UnorderedElementsAre("LINESHAFT_WORKER=mine", "LINESHAFT_GENERATION=3"));
}

TEST(environment, shared_is_one_copy_as_long_as_it_stays_the_same) {
  const auto one = share({"A=1"});
  EXPECT_EQ(share({"A=1"}), one);
  const auto two = share({"A=2"});
  EXPECT_THAT(*one, ElementsAre("A=1"));
  EXPECT_THAT(*two, ElementsAre("A=2"));
}

TEST(environment, inherited_is_the_one_of_this_moment) {
  ::setenv("LINESHAFT_TEST_VARIABLE", "one", 1);
  EXPECT_THAT(inherited_environment(), Contains("LINESHAFT_TEST_VARIABLE=one"));
  ::setenv("LINESHAFT_TEST_VARIABLE", "two", 1);
  EXPECT_THAT(inherited_environment(), Contains("LINESHAFT_TEST_VARIABLE=two"));
  ::unsetenv("LINESHAFT_TEST_VARIABLE");
}
