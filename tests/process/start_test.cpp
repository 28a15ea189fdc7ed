// Starting: what a worker's process is given, and what is left of a start that fails: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opentelemetry/trace/scope.h>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"
#include "support/sanitizers.hpp"
#include "sys/fault.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::start_method;
using lineshaft::start_options;
using lineshaft::worker_state;
using support::eventually;
using ::testing::HasSubstr;

namespace {

class start_by : public ::testing::TestWithParam<start_method> {
 protected:
  start_options options() const { return {.method = GetParam()}; }
  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

std::map<std::string, std::string> report_of(const std::string& file) {
  EXPECT_TRUE(eventually([&] { return support::facts_of(file).contains("end"); }));
  return support::facts_of(file);
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(methods, start_by, ::testing::Values(start_method::fork_server, start_method::exec),
                         [](const auto& method) {
                           return method.param == start_method::exec ? "exec" : "fork_server";
                         });

TEST_P(start_by, a_worker_is_a_process_of_its_own_that_becomes_ready) {
  const auto pid = manager_.start_worker("runs", "a", {}, options());
  ASSERT_TRUE(pid) << pid.error().message();
  EXPECT_NE(*pid, ::getpid());
  ASSERT_TRUE(manager_.wait_ready("a", 60s));
  const auto status = manager_.get_status("a");
  EXPECT_TRUE(status.alive);
  EXPECT_TRUE(status.ready);
  EXPECT_TRUE(status.running);
  EXPECT_EQ(status.pid, *pid);
  EXPECT_EQ(status.generation, 1U);
  EXPECT_EQ(status.state, worker_state::running);
}

TEST_P(start_by, a_clone_is_as_whole_as_a_forked_process) {
  const auto file = folder_ / "report";
  ASSERT_TRUE(manager_.start_worker("looks", "a", {{"file", file}}, options()));
  const auto facts = report_of(file);
  for (const char* what : {"thread", "raise", "affinity", "robust mutex", "fork"})
    EXPECT_EQ(facts.at(what), "whole") << what;
}

TEST_P(start_by, a_worker_is_given_a_clean_process) {
  const auto file = folder_ / "report";
  auto how = options();
  how.env = {{"EXTRA", "read"}};
  ASSERT_TRUE(manager_.start_worker("looks", "a", {{"file", file}}, how));
  const auto facts = report_of(file);
  EXPECT_EQ(facts.at("signals"), "clean");
  EXPECT_EQ(facts.at("group"), "own");
  EXPECT_EQ(facts.at("LINESHAFT_WORKER"), "a");
  EXPECT_EQ(facts.at("LINESHAFT_GENERATION"), "1");
  EXPECT_EQ(facts.at("EXTRA"), "read");
  EXPECT_THAT(facts.at("descriptors"), HasSubstr("0:/dev/null"));
  // Beside the standard three: the channel, and what its event loop has opened.
  EXPECT_THAT(facts.at("descriptors"), ::testing::Not(HasSubstr("pidfd")));
}

TEST_P(start_by, the_callers_trace_context_is_the_workers_and_a_stale_one_is_not) {
  namespace trace = opentelemetry::trace;
  ::setenv("TRACEPARENT", "00-11111111111111111111111111111111-2222222222222222-01", 1);
  const auto stale = folder_ / "stale";
  ASSERT_TRUE(manager_.start_worker("looks", "stale", {{"file", stale}}, options()));
  EXPECT_EQ(report_of(stale).at("TRACEPARENT"), "(none)");

  const lineshaft::trace_context context{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=1",
                                         "user=7"};
  const auto file = folder_ / "report";
  {
    const lineshaft::context_scope current(context);
    ASSERT_TRUE(manager_.start_worker("looks", "a", {{"file", file}}, options()));
  }
  ::unsetenv("TRACEPARENT");
  report_of(file);
  manager_.stop_process("a");
  const auto facts = support::facts_of(file);
  EXPECT_EQ(facts.at("TRACEPARENT"), context.traceparent);
  EXPECT_EQ(facts.at("TRACESTATE"), "vendor=1");
  EXPECT_EQ(facts.at("BAGGAGE"), "user=7");
  for (const char* where : {"context in constructor", "context in start", "context in stop"}) {
    EXPECT_EQ(facts.at(where), context.traceparent) << where;
  }
}

TEST_P(start_by, a_big_environment_and_big_options_travel_whole) {
  const auto file = folder_ / "report";
  auto how = options();
  how.env = {{"EXTRA", std::string(100'000, 'x')}};
  ASSERT_TRUE(manager_.start_worker("looks", "a", {{"file", file}}, how));
  EXPECT_EQ(report_of(file).at("EXTRA").size(), 100'000U);
}

// A failed start ------------------------------------------------------------------------------------------

TEST(start, refuses_what_cannot_be_started_and_says_why) {
  process_manager manager(support::host());
  const auto why = [&](const char* class_name, const std::string& name, boost::json::object options = {}) {
    const auto started = manager.start_worker(class_name, name, std::move(options));
    return started ? "started" : started.error().message();
  };
  EXPECT_THAT(why("nonsense", "a"), HasSubstr("no worker class 'nonsense'"));
  EXPECT_THAT(why("idle", ""), HasSubstr("cannot use '' as a name"));
  EXPECT_THAT(why("idle", "a/b"), HasSubstr("cannot use 'a/b' as a name"));
  EXPECT_THAT(why("idle", std::string(10'000, 'a')), HasSubstr("as a name"));
  EXPECT_THAT(why("idle", std::string("a\0b\n", 4)), HasSubstr("cannot use 'a?b?' as a name"));
  EXPECT_THAT(why("dies", "a", {{"how", 3}}), HasSubstr("option 'how' is 3, expected text"));
  EXPECT_THAT(why("dies", "a", {{"hwo", "x"}}), HasSubstr("there is no option 'hwo'"));
  EXPECT_TRUE(manager.get_all_status().empty());
}

TEST(start, of_a_program_that_is_not_there_is_an_error_that_names_it) {
  process_manager manager(support::host());
  const auto started = manager.start_command("a", {"/no/such/program"});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message(),
            "cannot start 'a': cannot execute '/no/such/program': No such file or directory");
  EXPECT_TRUE(manager.get_all_status().empty());
  EXPECT_TRUE(eventually([&] { return support::children() == 1; })) << "only the fork server is left";
}

TEST(start, of_a_program_finds_it_in_the_path_and_sees_its_end) {
  process_manager manager(support::host());
  const auto started = manager.start_command("a", {"true"}, {.restart = {.mode = lineshaft::restart_mode::never}});
  ASSERT_TRUE(started) << started.error().message();
  EXPECT_TRUE(eventually([&] { return manager.get_status("a").state == worker_state::completed; }));
  EXPECT_EQ(manager.exit_records("a").at(0).code, 0);
}

// Every system call of a start fails once, with every error that a full machine gives.
TEST(start, that_fails_at_any_system_call_leaves_nothing_behind_and_the_next_one_works) {
  process_manager manager(support::host());
  lineshaft::sys::inject("spare", std::make_error_code(std::errc::resource_unavailable_try_again), 0, 100);
  ASSERT_TRUE(manager.start_worker("idle", "warm"));
  ASSERT_TRUE(manager.wait_ready("warm", 60s));
  ASSERT_TRUE(manager.start_worker("idle", "a"));
  manager.stop_process("a");
  manager.forget("a");
  const auto descriptors = support::open_descriptors();
  const auto processes = support::children();
  for (const char* call : {"socketpair", "memfd_create", "ftruncate", "fcntl", "mmap", "sendmsg"}) {
    for (const auto code : {std::errc::too_many_files_open, std::errc::too_many_files_open_in_system,
                            std::errc::resource_unavailable_try_again, std::errc::not_enough_memory}) {
      if (std::string_view(call) == "sendmsg" && code == std::errc::resource_unavailable_try_again)
        continue;  // means "later"
      lineshaft::sys::inject(call, std::make_error_code(code));
      const auto started = manager.start_worker("idle", "a");
      lineshaft::sys::clear_injected();
      ASSERT_FALSE(started) << call << " was not asked for";
      EXPECT_EQ(started.error().code, code) << call << ": " << started.error().message();
      EXPECT_FALSE(manager.get_status("a").alive);
      EXPECT_EQ(manager.get_status("a").generation, 0U) << "no record";
      EXPECT_EQ(support::open_descriptors(), descriptors) << call;
      EXPECT_TRUE(eventually([&] { return support::children() == processes; })) << call;
    }
  }
  EXPECT_TRUE(manager.start_worker("idle", "a"));
}

TEST(start, that_fails_in_the_fork_server_is_told_with_its_reason) {
  for (const char* code : {"EAGAIN", "ENOMEM", "EMFILE"}) {
    ::setenv("LINESHAFT_FAULTS", (std::string("clone3=") + code).c_str(), 1);
    process_manager manager(support::host());
    const auto failed = manager.start_worker("idle", "a");
    ::unsetenv("LINESHAFT_FAULTS");
    ASSERT_FALSE(failed) << code;
    EXPECT_THAT(failed.error().message(), HasSubstr("cannot clone a process")) << code;
    EXPECT_TRUE(manager.get_all_status().empty());
    EXPECT_TRUE(manager.start_worker("idle", "a")) << "the fork server goes on";
  }
}

// Every system call of the fork server's part of a start, with every error that a full machine gives: the start fails
// and says why, or it succeeds all the same; nobody is left behind, and the next one works.
TEST(start, that_fails_at_any_system_call_of_the_fork_server_leaves_nothing_behind_there) {
  struct row {
    const char *kind, *call;
    bool goes_on;  // waited for, or done without
  };
  const row rows[] = {
      {"class", "clone3", false},  {"class", "sendmsg", true},      {"class", "recvmsg", true},
      {"exec", "clone", false},    {"exec", "memfd_create", false}, {"exec", "sendmsg", true},
      {"program", "clone", false}, {"program", "sendmsg", true},    {"program", "recvmsg", true},
      {"null", "dup", false},
  };
  // The standard three, its socket, the manager's handle, and what it would wait with for orphans.
  constexpr std::size_t descriptors = 6;
  for (const auto& [kind, call, goes_on] : rows) {
    for (const char* code : {"EAGAIN", "ENOMEM", "EMFILE", "ENFILE"}) {
      SCOPED_TRACE(std::string(kind) + ' ' + call + '=' + code);
      ::setenv("LINESHAFT_FAULTS", (std::string(call) + '=' + code).c_str(), 1);
      process_manager manager(support::host());
      const auto start = [&, kind = std::string_view(kind)](const std::string& name) {
        lineshaft::start_options how{.env = {{"LINESHAFT_FAULTS", ""}}};
        if (kind == "exec") how.method = lineshaft::start_method::exec;
        if (kind == "null") how.output.to = lineshaft::output_to::null;
        return kind == "program" ? manager.start_command(name, {"sleep", "1000"}, how)
                                 : manager.start_worker("idle", name, {}, how);
      };
      const auto first = start("a");
      ::unsetenv("LINESHAFT_FAULTS");
      EXPECT_EQ(first.has_value(), goes_on) << (first ? "it has started" : first.error().message());
      if (first) {
        EXPECT_TRUE(manager.wait_ready("a", 60s));
        manager.stop_process("a", 60s);
        manager.forget("a");
      }
      EXPECT_TRUE(manager.get_all_status().empty());
      const auto fork_server = support::fork_server_of("self");
      EXPECT_TRUE(eventually([&] { return support::children() == 1; })) << "the fork server, and nobody else";
      const auto next = start("b");
      ASSERT_TRUE(next) << next.error().message();
      EXPECT_TRUE(manager.wait_ready("b", 60s));
      EXPECT_EQ(support::fork_server_of("self"), fork_server) << "it goes on";
      EXPECT_TRUE(eventually([&] { return support::open_descriptors(fork_server) == descriptors; }))
          << support::open_descriptors(fork_server);
    }
  }
}

// A request above 16 KiB travels in a file, which the fork server cannot map here.
TEST(start, whose_request_the_fork_server_cannot_read_is_an_error_and_harms_nobody) {
  ::setenv("LINESHAFT_FAULTS", "mmap=ENOMEM", 1);
  process_manager manager(support::host());
  lineshaft::sys::inject("spare", std::make_error_code(std::errc::resource_unavailable_try_again), 0, 100);
  const auto pid = manager.start_worker("runs", "before", {}, {.env = {{"LINESHAFT_FAULTS", ""}}});
  ::unsetenv("LINESHAFT_FAULTS");
  ASSERT_TRUE(pid) << pid.error().message();
  const lineshaft::start_options big{.env = {{"EXTRA", std::string(100'000, 'x')}}};
  const auto failed = manager.start_worker("runs", "a", {}, big);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message(), HasSubstr("its request did not reach the fork server whole"));
  EXPECT_EQ(manager.get_status("a").generation, 0U) << "no record";
  const auto again = manager.start_worker("runs", "a", {}, big);
  EXPECT_TRUE(again) << again.error().message();
  lineshaft::sys::clear_injected();
  EXPECT_EQ(manager.get_status("before").pid, *pid);
  EXPECT_EQ(manager.stop_process("before", 60s).how, lineshaft::stop_outcome::clean);
}

TEST(start, where_the_kernel_cannot_tell_the_thread_ids_place_executes_instead) {
  ::setenv("LINESHAFT_FAULTS", "prctl=EINVAL", 1);
  process_manager manager(support::host());
  const auto started = manager.start_worker("idle", "a");
  ::unsetenv("LINESHAFT_FAULTS");
  ASSERT_TRUE(started) << started.error().message();
  EXPECT_TRUE(manager.wait_ready("a", 60s));
}

TEST(start, with_a_full_descriptor_table_is_an_error_and_no_process) {
  if (support::sanitized) GTEST_SKIP() << "UBSan looks at a vptr through a pipe, for which there is no descriptor";
  process_manager manager(support::host());
  ASSERT_TRUE(manager.start_worker("idle", "warm"));
  ASSERT_TRUE(manager.wait_ready("warm", 60s));
  const auto processes = support::children();
  // Every number of free descriptors from none on, until a start succeeds.
  bool started = false;
  for (std::size_t free = 0; !started && free < 16; ++free) {
    std::vector<lineshaft::unique_fd> all;
    for (int fd = 0; (fd = ::dup(0)) >= 0;) all.emplace_back(fd);
    for (std::size_t index = 0; index < free; ++index) all.pop_back();
    const auto outcome = manager.start_worker("idle", "a");
    all.clear();
    started = outcome.has_value();
    if (!started) {
      EXPECT_EQ(outcome.error().code, std::errc::too_many_files_open) << free << ": " << outcome.error().message();
      EXPECT_TRUE(eventually([&] { return support::children() == processes; })) << free;
    }
  }
  EXPECT_TRUE(started);
}
