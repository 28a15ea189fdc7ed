// The manager whose control server is asked.
#include <gtest/gtest.h>

#include "children/classes.hpp"
#include "support/program.hpp"

namespace {

using namespace children;
lineshaft::host* the_host = nullptr;

}  // namespace

lineshaft::host& support::host() { return *the_host; }

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv,
                       lineshaft::worker_classes<idle, runs, counts, fails, dies, never_stops, ready_later>);
  the_host = &host;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
