// The program that tests with real children run in: it is the manager, its fork server and every worker.
#include <gtest/gtest.h>

#include "04_http_zero_downtime/web.hpp"
#include "children/classes.hpp"
#include "children/looks.hpp"
#include "support/program.hpp"

namespace {

using namespace children;
lineshaft::host* the_host = nullptr;

}  // namespace

lineshaft::host& support::host() { return *the_host; }

int main(int argc, char** argv) {
  lineshaft::host host(
      argc, argv,
      lineshaft::worker_classes<idle, runs, counts, reports, fails, dies, hangs, never_stops, task, finishes,
                                ready_later, ready_while, has_grandchild, forks_a_daemon, looks, shows_environment,
                                grinds, naps, hangs_in_the_loader, zero_downtime::web>);
  the_host = &host;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
