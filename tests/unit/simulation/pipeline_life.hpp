#pragma once
// The whole life of a pipeline from a seed: a random pipeline, random commands at random moments, a kernel in which
// anything fails, and a stop of everything at any point. After every step what must always hold is looked at.
#include <cstdint>
#include <string>
#include <vector>

namespace simulation {

struct told_life {
  std::vector<std::string> broken;  ///< each thing that must hold and did not, with its moment
  std::vector<std::string> story;   ///< what happened, to be read beside it
  std::uint64_t processes = 0;
};

/// How much of it is told: commands and launches, or every state of every worker, too.
enum class detail { commands, states };

told_life live(std::uint64_t seed, detail how_much = detail::commands);

}  // namespace simulation
