#pragma once
// By what all processes of one worker's tree are known, in sessions of their own too: a variable in the environment
// that they began with, LINESHAFT_TREE=MANAGER-TREE. A manager inside a worker adds its own after that of the worker,
// MANAGER-TREE/MANAGER-TREE, so that its workers are of the outer tree as well.
#include <cstdint>
#include <string>
#include <string_view>

namespace lineshaft::channel {

inline constexpr std::string_view tree_variable = "LINESHAFT_TREE=";

/// What all marks of one manager begin with. `own`: the value of the variable that the manager itself has, if any.
std::string tree_marks(const char* own, std::uint64_t manager);
/// One of them, of the same width as the others, so that one fits in the place of another, and none begins another.
/// Tree 0 is the fork server's, which is of no tree.
std::string tree_mark(std::string_view marks, std::uint64_t tree);
/// What all marks of a manager begin with, by what its fork server has as value of the variable; empty if that is none.
std::string marks_of(const char* value);

}  // namespace lineshaft::channel
