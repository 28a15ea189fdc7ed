#pragma once
// Something that runs in a process of its own while this one waits: fork(2), waitid(2). For a program with one thread.
#include <functional>

#include "lineshaft/error.hpp"
#include "sys/wait.hpp"

namespace lineshaft::sys {

/// The child ends with the code that `what` gives. Meanwhile SIGTERM and SIGHUP to this process are passed on to it,
/// SIGINT and SIGQUIT of the terminal are its alone, and it gets SIGTERM when this process dies.
result<exit_status> run_forked(const std::function<int()>& what);

}  // namespace lineshaft::sys
