// The program that every supervisor runs: writes one line, says that it is ready where that is declared, and pauses.
#include <unistd.h>

#include <cstdlib>

#include "line.hpp"

int main() {
  peers::write_line();
  if (const char* ready = std::getenv("PEERS_READY_FD")) {
    const int descriptor = std::atoi(ready);
    if (::write(descriptor, "\n", 1) != 1) return 1;
    ::close(descriptor);
  }
  for (;;) ::pause();
}
