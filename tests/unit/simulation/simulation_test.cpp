// Ten thousand lives of pipelines. LINESHAFT_SIMULATION_SEEDS=FIRST:COUNT lives others; a single seed is told whole.
#include <gtest/gtest.h>

#include <cstdlib>
#include <format>
#include <string>

#include "simulation/pipeline_life.hpp"

namespace {

struct seeds {
  std::uint64_t first = 1, count = 10'000;
};

seeds wanted() {
  seeds range;
  const char* text = std::getenv("LINESHAFT_SIMULATION_SEEDS");
  if (text == nullptr) return range;
  char* rest = nullptr;
  range.first = std::strtoull(text, &rest, 10);
  range.count = *rest == ':' ? std::strtoull(rest + 1, nullptr, 10) : 1;
  return range;
}

std::string whole(const simulation::told_life& life) {
  std::string text;
  for (const auto& line : life.story) text += line + "\n";
  return text;
}

}  // namespace

TEST(simulation, whole_lives_of_pipelines_hold_what_must_hold) {
  const auto range = wanted();
  std::uint64_t processes = 0;
  for (auto seed = range.first; seed < range.first + range.count; ++seed) {
    const auto life =
        simulation::live(seed, range.count == 1 ? simulation::detail::states : simulation::detail::commands);
    processes += life.processes;
    if (life.broken.empty()) continue;
    ADD_FAILURE() << "LINESHAFT_SIMULATION_SEEDS=" << seed << " replays this life, in which\n"
                  << life.broken.front() << "\n"
                  << (range.count == 1 ? whole(life) : "");
    return;
  }
  EXPECT_GT(processes, range.count) << "pipelines without processes prove nothing";
  RecordProperty("processes", std::to_string(processes));
}

TEST(simulation, a_seed_replays_exactly) { EXPECT_EQ(simulation::live(7).story, simulation::live(7).story); }
