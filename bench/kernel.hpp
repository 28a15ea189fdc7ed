#pragma once
// What the kernel itself takes for what a worker needs of it: the measures of the rows. Microseconds, unless a name
// says otherwise.
#include "report.hpp"

namespace bench {

double now_microseconds();
/// So many times, one after the other.
template <class Once>
series repeat(int times, Once once) {
  series all;
  for (int round = 0; round < times; ++round) all.values.push_back(once());
  return all;
}

/// A copy of this program, made while it has one thread and no manager, that measures when it is asked: so a baseline
/// is measured in turns with what it is the baseline of, and whatever else the machine does falls on both.
class kernel_side {
 public:
  kernel_side();
  ~kernel_side();
  kernel_side(const kernel_side&) = delete;
  kernel_side& operator=(const kernel_side&) = delete;
  double run(double (*measure)());

 private:
  int socket_ = -1;
  pid_t pid_ = 0;
};

/// A child of this very program that says when it runs and then pauses.
pid_t fork_pausing();
void end(pid_t pid, int signal);

/// fork() to the child's first instruction.
double fork_once();
/// The same of a program with nothing in it, which measures itself some times.
std::vector<double> fork_empty_program();
/// kill -9, wait, and fork() to the first instruction.
double kill_and_fork_once();
/// Forked side by side: until each has written its byte, or from SIGTERM until all are reaped.
double fork_many(int count);
double end_many(int count);
/// Forked side by side, left alone for `budget`, then killed and reaped.
double kill_many_after(int count, std::chrono::milliseconds budget);
/// One packet to a process that waits for it.
double packet_there();
/// Nanoseconds.
double cheapest_system_call();
/// KiB of its own, each of `count` forked children.
series memory_of_forked(int count);
/// KiB of this process's own for each child that it has forked and knows by pid, from `fewer` to `more`.
double memory_for_each_forked(int fewer, int more);

}  // namespace bench
