// What real workers print: into files, into exit records, and never in the way of anybody.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>

#include "children/prints.hpp"
#include "support/eventually.hpp"
#include "support/logs.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"
#include "sys/fault.hpp"

using namespace std::chrono_literals;
using lineshaft::output_to;
using lineshaft::process_manager;
using lineshaft::start_options;
using lineshaft::worker_state;
using support::eventually;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

const lineshaft::restart_policy once{.mode = lineshaft::restart_mode::never};

class output : public ::testing::Test {
 protected:
  ~output() override { lineshaft::sys::clear_injected(); }

  void start(const std::string& name, std::vector<std::string> argv, start_options how = {.restart = once}) {
    const auto started = manager_.start_command(name, std::move(argv), std::move(how));
    ASSERT_TRUE(started) << started.error().message();
  }
  void shell(const std::string& name, const std::string& script, start_options how = {.restart = once}) {
    start(name, {"sh", "-c", script}, std::move(how));
  }
  bool ends(const std::string& name) {
    return eventually([&] { return !manager_.get_status(name).alive && manager_.get_status(name).last_exit; });
  }
  lineshaft::exit_record last(const std::string& name) { return manager_.exit_records(name).back(); }
  /// As it is once nothing is on its way any more.
  std::vector<std::string> log_of(const std::string& name, std::size_t lines) {
    eventually([&] { return support::whole_log(logs_, name).size() >= lines; });
    return support::whole_log(logs_, name);
  }

  support::temporary_folder folder_;
  std::string logs_ = folder_ / "logs";
  process_manager manager_{support::host(), {.log_dir = logs_}};
};

void expect_numbers(const std::vector<std::string>& lines, int count) {
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(count));
  for (int number = 0; number < count; ++number)
    ASSERT_EQ(support::text_of(lines[static_cast<std::size_t>(number)]), std::to_string(number + 1));
}

}  // namespace

TEST_F(output, of_a_worker_class_is_in_its_file_with_worker_generation_and_stream_and_in_its_exit_record) {
  ASSERT_TRUE(manager_.start_worker("prints", "a", {{"text", "one\ntwo\n"}, {"errors", "three\n"}}));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").output.lines == 3; }));
  const auto outcome = manager_.stop_process("a", 60s);
  std::vector<std::string> texts;
  for (const auto& line : support::lines_of(logs_ + "/a.log")) texts.push_back(line.substr(line.find("Z ") + 2));
  EXPECT_THAT(texts, ::testing::UnorderedElementsAre("a/1 out one", "a/1 out two", "a/1 err three"));
  EXPECT_THAT(outcome.exit->output, ::testing::UnorderedElementsAre("one", "two", "three"));
  EXPECT_EQ(lineshaft::to_json(*outcome.exit).at("output").as_array().size(), 3U);
  EXPECT_EQ(lineshaft::to_json(manager_.get_status("a")).at("output").at("bytes").to_number<int>(), 14);
}

TEST_F(output, printed_just_before_a_crash_is_not_lost) {
  for (const char* how : {"abort", "exit"}) {
    ASSERT_TRUE(manager_.start_worker("prints", how, {{"text", "last words\n"}, {"then", how}}, {.restart = once}));
    ASSERT_TRUE(ends(how));
    EXPECT_THAT(last(how).output, ElementsAre("last words")) << how;
    EXPECT_THAT(log_of(how, 1), ElementsAre(EndsWith("/1 out last words"))) << how;
  }
}

TEST_F(output, of_an_executed_class_and_of_a_program_is_captured_as_well) {
  ASSERT_TRUE(manager_.start_worker("prints", "a", {{"text", "a\n"}}, {.method = lineshaft::start_method::exec}));
  shell("b", "echo b; echo c >&2; printf d");
  ASSERT_TRUE(ends("b"));
  EXPECT_THAT(last("b").output, ::testing::UnorderedElementsAre("b", "c", "d"));
  EXPECT_THAT(log_of("a", 1), ElementsAre(EndsWith("Z a/1 out a")));
}

TEST_F(output, that_floods_and_rotates_loses_and_repeats_no_line) {
  constexpr int count = 200'000;
  auto how = start_options{.restart = once};
  how.output.rotate_size = 1 << 20;
  how.output.rotate_count = 100;
  start("flood", {"seq", std::to_string(count)}, how);
  ASSERT_TRUE(ends("flood"));
  manager_.stop_process("flood");
  ASSERT_TRUE(eventually([&] { return support::is_compressed(logs_, "flood"); }));
  expect_numbers(support::whole_log(logs_, "flood"), count);
  const auto status = manager_.get_status("flood").output;
  EXPECT_EQ(status.lines, static_cast<std::uint64_t>(count));
  EXPECT_EQ(status.lost_lines, 0U);
  EXPECT_EQ(last("flood").output.size(), 50U);
  EXPECT_EQ(last("flood").output.back(), std::to_string(count));
  EXPECT_TRUE(std::filesystem::exists(logs_ + "/flood.log.3") || std::filesystem::exists(logs_ + "/flood.log.3.zst"));
}

TEST_F(output, waits_for_a_disk_that_does_not_answer_and_nobody_else_does) {
  constexpr int count = 200'000;
  lineshaft::sys::inject_stall("writev");
  start("flood", {"seq", std::to_string(count)});
  const auto pid = *manager_.get_status("flood").pid;
  // Beyond the memory for its file and the pipe there is nothing to take it.
  std::uint64_t before = 0;
  ASSERT_TRUE(eventually([&] {
    std::this_thread::sleep_for(50ms);
    const auto lines = manager_.get_status("flood").output.lines;
    return std::exchange(before, lines) == lines && lines > 0;
  }));
  EXPECT_LT(before, static_cast<std::uint64_t>(count));
  EXPECT_FALSE(support::is_gone(pid));
  // Supervision goes on: starts, crashes, stops.
  shell("other", "echo hello; exit 3");
  ASSERT_TRUE(ends("other"));
  EXPECT_THAT(last("other").output, ElementsAre("hello"));
  lineshaft::sys::clear_injected();
  ASSERT_TRUE(ends("flood"));
  expect_numbers(log_of("flood", count), count);
}

TEST_F(output, declared_to_drop_never_makes_its_worker_wait_and_is_counted) {
  constexpr int count = 200'000;
  lineshaft::sys::inject_stall("writev");
  auto how = start_options{.restart = once};
  how.output.when_full = lineshaft::output_overflow::drop;
  start("flood", {"seq", std::to_string(count)}, how);
  ASSERT_TRUE(ends("flood")) << "with the disk as dead as before";
  EXPECT_EQ(last("flood").output.back(), std::to_string(count));
  const auto lost = manager_.get_status("flood").output.lost_lines;
  EXPECT_GT(lost, 0U);
  lineshaft::sys::clear_injected();
  // In its place one line says how much is missing.
  const auto lines = log_of("flood", static_cast<std::size_t>(count) - lost + 1);
  EXPECT_EQ(lines.size(), static_cast<std::size_t>(count) - lost + 1);
  EXPECT_THAT(lines, ::testing::Contains(HasSubstr(" flood/1 lost " + std::to_string(lost) + " lines (")).Times(1));
}

TEST_F(output, in_memory_alone_to_nowhere_and_inherited) {
  shell("memory", "echo hello", {.restart = once, .output = {.to = output_to::memory}});
  shell("null", "readlink /proc/$$/fd/2 > " + (folder_ / "null"), {.restart = once, .output = {.to = output_to::null}});
  shell("inherit", "readlink /proc/$$/fd/2 > " + (folder_ / "inherit"),
        {.restart = once, .output = {.to = output_to::inherit}});
  ASSERT_TRUE(ends("memory") && ends("null") && ends("inherit"));
  EXPECT_THAT(last("memory").output, ElementsAre("hello"));
  char own[256] = {};
  ASSERT_GT(::readlink("/proc/self/fd/2", own, sizeof own - 1), 0);
  EXPECT_THAT(support::lines_of(folder_ / "inherit"), ElementsAre(own));
  EXPECT_THAT(support::lines_of(folder_ / "null"), ElementsAre("/dev/null"));
  EXPECT_THAT(last("null").output, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(logs_ + "/memory.log"));
}

TEST_F(output, that_is_no_text_is_harmless_in_the_record_and_in_json) {
  shell("a", R"(printf '\377\376 \000 \033[2J\n')");
  ASSERT_TRUE(ends("a"));
  const auto text = boost::json::serialize(lineshaft::to_json(last("a")));
  EXPECT_THAT(text, HasSubstr("\uFFFD\uFFFD"));
  EXPECT_EQ(boost::json::parse(text).at("output").as_array().size(), 1U);
}

TEST_F(output, of_a_grandchild_that_stays_behind_is_not_waited_for) {
  shell("a", "setsid sleep 1000 & echo $!; exit 3");
  ASSERT_TRUE(ends("a"));
  ASSERT_EQ(last("a").output.size(), 1U);
  const auto grandchild = static_cast<pid_t>(std::stol(last("a").output[0]));
  EXPECT_EQ(last("a").code, 3);
  ::kill(grandchild, SIGKILL);
}

// Without a manager around: what a fork of a program with threads may do is little.
TEST(output_alone, on_a_full_disk_is_counted_and_told_and_ends_nobody) {
  support::temporary_folder folder;
  const pid_t pid = ::fork();
  if (pid == 0) {
    constexpr int not_permitted = 77;
    if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ::_exit(not_permitted);
    std::filesystem::create_directory(folder / "small");
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", (folder / "small").c_str(), "tmpfs", 0, "size=1m") != 0)
      ::_exit(not_permitted);
    folder.write("small/ballast", std::string(512 * 1024, 'x'));
    process_manager manager(support::host(), {.log_dir = folder / "small"});
    const auto run = [&](std::vector<std::string> argv) {
      if (!manager.start_command("a", std::move(argv), {.restart = once})) ::_exit(2);
      if (!eventually([&] { return manager.get_status("a").state == worker_state::completed; })) ::_exit(3);
      manager.stop_process("a");
    };
    run({"seq", "100000"});
    const auto full = manager.get_status("a").output;
    if (full.lines != 100'000 || full.lost_lines == 0) ::_exit(4);
    if (full.error != "cannot write 'a.log': No space left on device") ::_exit(5);
    std::filesystem::remove(folder / "small/ballast");
    run({"echo", "afterwards"});
    if (!manager.get_status("a").output.error.empty()) ::_exit(6);
    const auto lines = support::lines_of(folder / "small/a.log");
    if (!lines.back().ends_with(" out afterwards")) ::_exit(7);
    // Told in one line or, where there was a little room in between, in several; each may follow a torn line.
    std::size_t kept = 0, told = 0, notices = 0;
    for (const auto& line : lines) {
      const auto notice = line.find(" lost ");
      if (notice == std::string::npos) {
        ++kept;
      } else {
        // One that was torn itself is told again, whole.
        if (line.ends_with("No space left on device")) told += std::stoul(line.substr(notice + 6));
        ++notices;
      }
    }
    if (notices == 0 || told != full.lost_lines) ::_exit(8);
    const auto all = kept - 1 + told;
    ::_exit(all >= 100'000 && all <= 100'000 + notices ? 0 : 9);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status)) << "killed by signal " << WTERMSIG(status);
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no mount namespace may be made here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(output, that_cannot_be_captured_is_a_failed_start_that_says_why) {
  process_manager without(support::host());
  const auto why = [](process_manager& manager, lineshaft::output_options how) {
    const auto started = manager.start_command("a", {"true"}, {.restart = once, .output = how});
    return started ? "started" : started.error().message();
  };
  EXPECT_EQ(why(without, {.to = output_to::file}),
            "cannot start 'a': cannot capture output in a file: no log_dir is declared");
  process_manager forbidden(support::host(), {.log_dir = "/proc/none"});
  EXPECT_THAT(why(forbidden, {}), HasSubstr("cannot start 'a': cannot make the directory '/proc/none'"));
  EXPECT_THAT(why(manager_, {.rotate_count = 2000}), HasSubstr("cannot keep 2000 old files of output"));
  for (const char* call : {"pipe2", "dup", "epoll_create1", "pthread_create"}) {
    process_manager manager(support::host(), {.log_dir = logs_});
    lineshaft::sys::inject(call, std::make_error_code(std::errc::too_many_files_open));
    EXPECT_THAT(why(manager, {}), HasSubstr("Too many open files")) << call;
    lineshaft::sys::clear_injected();
    EXPECT_EQ(why(manager, {}), "started") << call;
  }
}

// The complaints of research/peers.md, §2 ------------------------------------------------------------------

TEST_F(output, peers_31_of_many_generations_leaves_no_descriptor_behind) {
  ASSERT_TRUE(manager_.start_worker("prints", "a", {{"text", "x\n"}}));
  manager_.stop_process("a", 60s);
  const auto settled = [] {
    std::size_t before = 0;
    eventually([&] {
      std::this_thread::sleep_for(20ms);
      const auto now = support::open_descriptors();
      return std::exchange(before, now) == now;
    });
    return before;
  };
  const auto before = settled();
  for (int round = 0; round < 50; ++round) {
    ASSERT_TRUE(manager_.start_worker("prints", "a", {{"text", "x\n"}}));
    manager_.stop_process("a", 60s);
  }
  EXPECT_TRUE(eventually([&] { return support::open_descriptors() == before; })) << settled() << " and " << before;
}

TEST_F(output, peers_32_costs_no_wake_up_while_workers_are_silent) {
  ASSERT_TRUE(manager_.start_worker("prints", "a", {{"text", "x\n"}}));
  ASSERT_TRUE(manager_.start_worker("counts", "clock", {}, {.output = {.to = output_to::inherit}}));
  ASSERT_TRUE(eventually([&] { return support::lines_of(logs_ + "/a.log").size() == 1; }));
  const auto switches = [] {
    std::map<std::string, std::string> of;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      std::ifstream comm(task.path() / "comm"), status(task.path() / "status");
      std::string name;
      std::getline(comm, name);
      if (name != "lineshaft-out" && name != "lineshaft-logs") continue;
      for (std::string line; std::getline(status, line);)
        if (line.starts_with("voluntary_ctxt_switches")) of[name] = line;
    }
    return of;
  };
  const auto ticked = [&](std::uint64_t more) {
    const auto now = manager_.get_status("clock").processed;
    return eventually([&] { return manager_.get_status("clock").processed > now + more; });
  };
  ASSERT_TRUE(ticked(50));
  const auto before = switches();
  ASSERT_EQ(before.size(), 2U);
  ASSERT_TRUE(ticked(200));
  EXPECT_EQ(switches(), before);
}

TEST_F(output, peers_33_of_a_thousand_workers_takes_as_many_descriptors_as_the_manual_says) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_cur < 8192) GTEST_SKIP() << "only " << limit.rlim_cur << " descriptors are allowed here";
  constexpr std::size_t count = 1000;
  const auto before = support::open_descriptors();
  for (std::size_t number = 0; number < count; ++number) {
    const auto started = manager_.start_worker("prints", "w" + std::to_string(number), {{"text", "x\n"}});
    ASSERT_TRUE(started) << started.error().message();
  }
  ASSERT_TRUE(eventually([&] {
    return std::ranges::all_of(manager_.get_all_status(), [](const auto& one) { return one.output.lines == 1; });
  }));
  // Its channel and its pidfd; of its output two pipes and a file.
  EXPECT_LE(support::open_descriptors(), before + 5 * count + 10);
  for (const auto& outcome : manager_.stop_all(120s)) {
    EXPECT_EQ(outcome.how, lineshaft::stop_outcome::clean) << outcome.name;
    EXPECT_THAT(outcome.exit->output, ElementsAre("x")) << outcome.name;
  }
  EXPECT_TRUE(eventually([&] { return support::open_descriptors() <= before + 10; })) << support::open_descriptors();
}
