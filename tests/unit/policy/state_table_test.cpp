// The table of docs/reference/worker-states.md, made from the code: what each command and each event does in each
// phase. LINESHAFT_WRITE_REFERENCE=1 writes the page, otherwise it is compared.
#include <gtest/gtest.h>

#include <cstdlib>
#include <format>
#include <fstream>
#include <functional>
#include <sstream>

#include "policy/lives.hpp"

using namespace lineshaft;
using namespace lineshaft::policy;

namespace {

struct input {
  const char* name;
  std::function<actions(worker_life&)> happens;
};

const input commands[] = {
    {"start", [](worker_life& life) { return life.start(at(1s)); }},
    {"stop", [](worker_life& life) { return life.stop(at(1s), at(3s)); }},
    {"restart", [](worker_life& life) { return life.restart(at(1s), at(3s)); }},
    {"reload", [](worker_life& life) { return life.restart(at(1s), at(3s), restart_cause::reload); }},
    {"others failed", [](worker_life& life) { return life.abandon(at(1s), at(3s), "others failed"); }},
};

const input events[] = {
    {"may launch", [](worker_life& life) { return life.release(at(1s)); }},
    {"launched", [](worker_life& life) { return life.launched(at(1s)); }},
    {"launch failed", [](worker_life& life) { return life.launch_failed(at(1s), 0); }},
    {"ready", [](worker_life& life) { return life.became_ready(at(1s)); }},
    {"unready", [](worker_life& life) { return life.became_unready(at(1s)); }},
    {"says it leaves", [](worker_life& life) { return life.leaving(at(1s), leave_cause::itself); }},
    {"watchdog", [](worker_life& life) { return life.watchdog(at(1s), at(3s)); }},
    {"exit, success", [](worker_life& life) { return life.exited(at(1s), clean); }},
    {"exit, failure", [](worker_life& life) { return life.exited(at(1s), crashed); }},
    {"its time is up", [](worker_life& life) { return life.timer(at(1h)); }},
};

constexpr phase phases[] = {phase::down,    phase::held,     phase::launching, phase::starting, phase::running,
                            phase::unready, phase::stopping, phase::killing,   phase::backoff};

std::string cell(phase before, const input& what) {
  auto life = life_in(before);
  const auto todo = what.happens(life);
  std::string text = life.current() == before ? "" : "**" + std::string(to_string(life.current())) + "**";
  if (life.current() == phase::down && before != phase::down) text += std::format(" ({})", to_string(life.state()));
  for (const auto action : todo) text += std::format("{}{}", text.empty() ? "" : ": ", to_string(action));
  return text.empty() ? "·" : text;
}

std::string table(std::span<const input> inputs) {
  std::string text = "| phase |", line = "|---|";
  for (const auto& one : inputs) {
    text += std::format(" {} |", one.name);
    line += "---|";
  }
  text += "\n" + line + "\n";
  for (const auto where : phases) {
    text += std::format("| `{}` |", to_string(where));
    for (const auto& one : inputs) text += std::format(" {} |", cell(where, one));
    text += "\n";
  }
  return text;
}

std::string page() {
  return std::format(R"(# The states of a worker

Made from the code (`src/policy/worker_life.cpp`) by `state_table_test.cpp`, which also compares it: do not edit it by
hand. A cell says the phase that follows, and what is done; `·` is "nothing changes". Every command and every event is
defined in every phase: of several commands that arrive before a process has gone, the last one counts.

Users see fewer states than there are phases: `held` and `launching` are `starting`, `unready` is `running` with
`ready: false`, `killing` is `stopping`, and `down` is `stopped`, `completed` or `failed`.

The table is for a worker with the default restart policy (`on_failure`).

## Commands

{}
## Events

{})",
                     table(commands), table(events));
}

}  // namespace

TEST(state_table, of_the_reference_is_what_the_code_does) {
  if (std::getenv("LINESHAFT_WRITE_REFERENCE") != nullptr) std::ofstream(STATE_TABLE_PAGE) << page();
  std::stringstream written;
  written << std::ifstream(STATE_TABLE_PAGE).rdbuf();
  EXPECT_EQ(written.str(), page()) << "LINESHAFT_WRITE_REFERENCE=1 ./dev exec build/bin/policy_test writes it anew";
}
