// docs/reference/exit-codes.md is what somebody looks up at night: it has every code and every reason that there is,
// says of each whether it is a success, and has no other.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "cli/invocation.hpp"
#include "lineshaft/pipeline.hpp"
#include "policy/success.hpp"
#include "supervisor/exit_reason.hpp"
#include "worker/process.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;
using policy::leave_cause;

namespace {

struct table_row {
  std::string first, second;
};

/// The rows below a heading.
std::vector<table_row> rows_below(const std::string& heading) {
  std::vector<table_row> rows;
  std::ifstream page(EXIT_CODES_PAGE);
  const std::regex cells(R"(\| (.*) \| (.*) \|)");
  bool below = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("#")) below = line == heading;
    std::smatch found;
    if (below && std::regex_match(line, found, cells)) rows.push_back({found[1], found[2]});
  }
  return rows;
}

std::set<std::string> codes_below(const std::string& heading) {
  std::set<std::string> codes;
  for (const auto& row : rows_below(heading)) {
    if (row.first != "code") codes.insert(row.first);
  }
  return codes;
}

/// A reason of the page with examples and placeholders in it: `exited N: TEXT`, `did not stop within 2 s`, `stopped: `.
struct pattern {
  std::string written;
  std::regex meant;
  bool success;
};

std::regex meant_by(const std::string& written) {
  std::string text = std::regex_replace(written, std::regex(R"([().])"), R"(\$&)");
  text = std::regex_replace(text, std::regex(R"(\bSIG[A-Z]+\b)"), R"((SIG[A-Z]+|signal [0-9]+))");
  text = std::regex_replace(text, std::regex(R"(\b[0-9]+ s\b)"), R"([0-9]+ m?s)");
  text = std::regex_replace(text, std::regex(R"(\bN\b)"), R"([1-9][0-9]*)");
  text = std::regex_replace(text, std::regex(R"(\bTEXT\b)"), ".*");
  return std::regex(text.ends_with(": ") ? text + ".*" : text);
}

std::vector<pattern> patterns() {
  std::vector<pattern> all;
  const std::regex quoted("`([^`]+)`");
  for (const auto& row : rows_below("## `exit_record::reason`")) {
    if (row.second != "yes" && row.second != "no") continue;
    for (std::sregex_iterator one(row.first.begin(), row.first.end(), quoted), end; one != end; ++one)
      all.push_back({(*one)[1], meant_by((*one)[1]), row.second == "yes"});
  }
  return all;
}

/// Each way in which a process can end, as far as it makes a difference, with its reason: whether it is a success.
std::map<std::string, std::set<bool>> reasons() {
  std::map<std::string, std::set<bool>> all;
  start_options how;
  const auto add = [&](const supervisor::ended_process& ended) {
    const bool by_itself = !ended.killed && ended.cause != leave_cause::failed &&
                           ended.cause != leave_cause::start_timeout && ended.cause != leave_cause::watchdog;
    const bool good =
        policy::is_success({ended.status.code, ended.status.known, ended.is_class, ended.cause}, ended.options);
    all[supervisor::exit_reason(ended)].insert(by_itself && good);
  };
  constexpr sys::exit_status ends[] = {{.code = 0},        {.code = 3},
                                       {.code = -SIGTERM}, {.code = -SIGSEGV, .core_dumped = true},
                                       {.code = -SIGKILL}, {.code = -SIGKILL, .out_of_memory = true},
                                       {.known = false}};
  for (const auto& status : ends) {
    for (auto cause = static_cast<int>(leave_cause::none); to_string(static_cast<leave_cause>(cause)) != "unknown";
         ++cause) {
      for (const bool is_class : {true, false}) {
        for (const auto restart :
             {restart_cause::asked, restart_cause::group, restart_cause::recycle, restart_cause::reload}) {
          // Only a class says such a thing of itself, and whoever says that it has failed does not leave with 0.
          const auto left_for = static_cast<leave_cause>(cause);
          if (!is_class && (left_for == leave_cause::finished || left_for == leave_cause::failed)) continue;
          if (left_for == leave_cause::failed && status.code == 0) continue;
          const bool killed = status.code == -SIGKILL && !status.out_of_memory && left_for != leave_cause::none;
          add({.status = status,
               .cause = left_for,
               .restart = restart,
               .abandoned = "'a' failed",
               .killed = killed,
               .is_class = is_class,
               .sick = left_for == leave_cause::watchdog ? "no WATCHDOG=1 for 5 s" : "",
               .options = how,
               .stop_budget = 10s});
        }
      }
    }
  }
  add({.status = {.code = 70}, .cause = leave_cause::failed, .error = "cannot connect"});
  for (const auto* sick :
       {"its event loop was stuck for 5 s", "messages were waiting, and none was processed for 30 s"})
    add({.status = {.code = -SIGABRT}, .cause = leave_cause::watchdog, .sick = sick});
  add({.cause = leave_cause::restart,
       .restart = restart_cause::recycle,
       .sick = "too big: 20 bytes of memory, where max_memory is 10"});
  return all;
}

}  // namespace

TEST(exit_codes_page, has_the_codes_of_a_worker_class) {
  const std::set<std::string> expected{"0", std::to_string(runtime::failed_exit_code), "−6 (SIGABRT)", "−9 (SIGKILL)",
                                       "any other"};
  EXPECT_EQ(codes_below("## Of a worker class"), expected);
}

TEST(exit_codes_page, has_the_codes_of_the_commands) {
  std::set<std::string> expected;
  for (const int code : {cli::done, cli::not_done, cli::wrong_usage, cli::no_manager, essential_failed_exit_code})
    expected.insert(std::to_string(code));
  EXPECT_EQ(codes_below("## Of the commands"), expected);
}

TEST(exit_codes_page, has_every_reason_and_whether_it_is_a_success) {
  const auto known = patterns();
  for (const auto& [reason, successes] : reasons()) {
    std::set<bool> said;
    for (const auto& one : known) {
      if (std::regex_match(reason, one.meant)) said.insert(one.success);
    }
    EXPECT_EQ(said, successes) << reason;
  }
}

TEST(exit_codes_page, has_no_other_reason) {
  const auto all = reasons();
  for (const auto& one : patterns()) {
    EXPECT_TRUE(std::ranges::any_of(all, [&](const auto& known) { return std::regex_match(known.first, one.meant); }))
        << one.written;
  }
}
