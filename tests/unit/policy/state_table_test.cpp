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
    {"asks for time", [](worker_life& life) { return life.extend(at(1s), at(30s)); }},
    {"its time is up", [](worker_life& life) { return life.timer(at(1h)); }},
};

constexpr phase phases[] = {phase::down,    phase::held,     phase::launching, phase::starting, phase::running,
                            phase::unready, phase::stopping, phase::killing,   phase::backoff};

// One step: where it leads, if anywhere, and what is done.
std::string step(phase before, const worker_life& life, const actions& todo) {
  std::string text = life.current() == before ? "" : "**" + std::string(to_string(life.current())) + "**";
  if (life.current() == phase::down && before != phase::down) text += std::format(" ({})", to_string(life.state()));
  for (const auto action : todo) text += std::format("{}{}", text.empty() ? "" : ": ", to_string(action));
  return text;
}

// What is to come if nothing else happens: the process exists, and ends with success.
std::string outlook(worker_life life) {
  std::string text;
  const auto happens = [&](auto what) {
    const auto before = life.current();
    const auto todo = what();
    text += (text.empty() ? "" : ", ") + step(before, life, todo);
  };
  if (life.current() == phase::launching) happens([&] { return life.launched(at(2s)); });
  if (life.has_process()) happens([&] { return life.exited(at(3s), clean); });
  return text;
}

std::string cell(phase before, const input& what) {
  const auto as_it_was = life_in(before);
  auto life = as_it_was;
  const auto todo = what.happens(life);
  if (const auto text = step(before, life, todo); !text.empty()) return text;
  if (outlook(life) != outlook(as_it_was)) return "then " + outlook(life);
  if (life.wake_at() != as_it_was.wake_at()) return life.wake_at() > as_it_was.wake_at() ? "more time" : "less time";
  return "·";
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
defined in every phase: of several commands that arrive before a process has gone, the last one counts. "then" says what
is remembered of it: what follows once the process that is being made exists, and has ended with success. `stopping` and
`killing` are here those after a stop.

`scale` is a start of the replicas that are new, and a stop of those that are too many. A channel that closes changes
nothing in any phase: mostly the exit follows, and a process that lives on is asked to leave by a signal.

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
