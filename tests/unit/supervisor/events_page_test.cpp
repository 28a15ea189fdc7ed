// docs/reference/events.md is the contract of who reads the stream: it names every kind, field and cause that there is,
// and no other.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "channel/worker_messages.hpp"
#include "lineshaft/event.hpp"
#include "lineshaft/reload.hpp"
#include "lineshaft/status.hpp"
#include "policy/health.hpp"
#include "policy/worker_life.hpp"

namespace lineshaft {
namespace {

using words = std::set<std::string>;

// By the heading of its first column, the words in the first column of each table.
std::map<std::string, words> tables_of_the_page() {
  std::map<std::string, words> tables;
  std::ifstream page(EVENTS_PAGE);
  std::string heading, line;
  const std::regex word("^\\| `([a-z_]+)` \\|.*"), head("^\\| ([a-z ]+) \\|.*");
  for (std::smatch found; std::getline(page, line);) {
    if (std::regex_match(line, found, word)) {
      tables[heading].insert(found[1]);
    } else if (std::regex_match(line, found, head)) {
      heading = found[1];
    }
  }
  return tables;
}

// All words of an enumeration that begins at `first`: to_string says "unknown" beyond its end.
template <class Enum>
words all_from(Enum first) {
  words all;
  for (int number = static_cast<int>(first); to_string(static_cast<Enum>(number)) != "unknown"; ++number)
    all.emplace(to_string(static_cast<Enum>(number)));
  return all;
}

words verdicts() {
  auto all = all_from(channel::loop_verdict::slow);
  for (const auto ill :
       {policy::ailment::stopped, policy::ailment::no_beat, policy::ailment::no_progress, policy::ailment::too_big})
    all.emplace(to_string(ill));
  return all;
}

words restarts_by_policy() {
  words all;
  for (const auto why : {restart_cause::crash, restart_cause::completion, restart_cause::watchdog})
    all.emplace(to_string(why));
  return all;
}

words fields() {
  words all;
  for (const auto& one : to_json(event{})) all.emplace(one.key());
  return all;
}

TEST(events, their_page_names_every_kind_field_and_cause) {
  const std::map<std::string, words> expected{
      {"field", fields()},
      {"event", all_from(event_kind::starting)},
      {"leave cause", all_from(policy::leave_cause::stop)},
      {"restart cause", restarts_by_policy()},
      {"verdict", verdicts()},
      {"step", all_from(reload_step::stop)},
  };
  EXPECT_EQ(tables_of_the_page(), expected);
}

}  // namespace
}  // namespace lineshaft
