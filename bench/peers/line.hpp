#pragma once
// The first line of a worker: who it is and when, by the clock that all processes of a machine share. Into the file
// that PEERS_LOG names, in one write that does not mix with those of others.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace peers {

inline void write_line() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  char line[64];
  const int size = std::snprintf(line, sizeof line, "%d %lld\n", static_cast<int>(::getpid()),
                                 static_cast<long long>(now.tv_sec) * 1'000'000'000 + now.tv_nsec);
  const int log = ::open(std::getenv("PEERS_LOG"), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (log < 0 || ::write(log, line, static_cast<std::size_t>(size)) != size) std::abort();
  ::close(log);
}

}  // namespace peers
