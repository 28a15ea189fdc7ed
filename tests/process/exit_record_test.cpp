// What is kept of processes that have really ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opentelemetry/trace/default_span.h>
#include <opentelemetry/trace/scope.h>
#include <sys/resource.h>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::restart_mode;
using lineshaft::worker_state;
using support::eventually;
namespace trace = opentelemetry::trace;

namespace {

class exit_record : public ::testing::Test {
 protected:
  bool becomes(const std::string& name, worker_state state) {
    return eventually([&] { return manager_.get_status(name).state == state; });
  }

  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(exit_record, is_kept_of_the_last_sixteen_generations_and_of_no_other) {
  lineshaft::start_options how;
  how.restart = {.mode = restart_mode::always,
                 .delay = 0ms,
                 .jitter = 0,
                 .limit = lineshaft::restart_limit{.count = 19, .window = 600s}};
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", "exit $LINESHAFT_GENERATION"}, how));
  ASSERT_TRUE(becomes("a", worker_state::failed));
  const auto records = manager_.exit_records("a");
  ASSERT_EQ(records.size(), 16U);
  // Each is of its own process: the code says which.
  for (std::size_t place = 0; place < records.size(); ++place) {
    EXPECT_EQ(records[place].generation, place + 5);
    EXPECT_EQ(records[place].code, static_cast<int>(place + 5));
    EXPECT_GT(records[place].pid, 0);
  }
  EXPECT_EQ(manager_.get_status("a").last_exit->generation, 20U);
}

TEST_F(exit_record, names_the_trace_that_its_process_was_started_under) {
  const std::uint8_t trace_id[16] = {0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd,
                                     0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c};
  const std::uint8_t span_id[8] = {0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31};
  const opentelemetry::nostd::shared_ptr<trace::Span> span(new trace::DefaultSpan(
      {trace::TraceId(trace_id), trace::SpanId(span_id), trace::TraceFlags(trace::TraceFlags::kIsSampled), true}));
  lineshaft::start_options how;
  how.restart.mode = restart_mode::never;
  {
    const trace::Scope active(span);
    ASSERT_TRUE(manager_.start_worker<children::dies>("class", {.how = "exit3"}, how));
    ASSERT_TRUE(manager_.start_command("program", {"sh", "-c", "exit 3"}, how));
  }
  ASSERT_TRUE(manager_.start_command("without", {"sh", "-c", "exit 3"}, how));
  for (const auto* name : {"class", "program", "without"}) ASSERT_TRUE(becomes(name, worker_state::failed)) << name;
  for (const auto* name : {"class", "program"}) {
    EXPECT_EQ(manager_.exit_records(name).at(0).trace_id, "0af7651916cd43dd8448eb211c80319c") << name;
    EXPECT_EQ(to_json(manager_.exit_records(name).at(0)).at("trace_id"), "0af7651916cd43dd8448eb211c80319c");
  }
  EXPECT_EQ(manager_.exit_records("without").at(0).trace_id, "");
}

TEST_F(exit_record, says_whether_a_core_was_dumped) {
  const auto pattern = support::lines_of("/proc/sys/kernel/core_pattern").at(0);
  if (pattern.empty() || pattern.contains('/') || pattern.starts_with('|'))
    GTEST_SKIP() << "cores go elsewhere on this machine: " << pattern;
  rlimit most{};
  ::getrlimit(RLIMIT_CORE, &most);
  if (most.rlim_max != RLIM_INFINITY) GTEST_SKIP() << "no cores of any size here";
  lineshaft::start_options how;
  how.restart.mode = restart_mode::never;
  how.working_directory = folder_ / "";
  for (const bool dumps : {true, false}) {
    how.limits.core = dumps ? lineshaft::unlimited : 0;
    manager_.forget("a");
    ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", "kill -SEGV $$"}, how));
    ASSERT_TRUE(becomes("a", worker_state::failed));
    const auto record = manager_.exit_records("a").at(0);
    EXPECT_EQ(record.code, -SIGSEGV);
    EXPECT_EQ(record.core_dumped, dumps);
    EXPECT_EQ(record.reason, dumps ? "killed by SIGSEGV (core dumped)" : "killed by SIGSEGV");
  }
}

TEST_F(exit_record, keeps_no_endless_text_of_an_exception) {
  ASSERT_TRUE(manager_.start_worker<children::fails>("a", {.text = std::string(1 << 20, 'x')},
                                                     {.restart = {.mode = restart_mode::never}}));
  ASSERT_TRUE(becomes("a", worker_state::failed));
  const auto error = manager_.get_status("a").last_exit->error;
  EXPECT_LE(error.size(), 4096U);
  EXPECT_TRUE(error.ends_with("x …"));
}
