#include <gtest/gtest.h>

#include "children/looks.hpp"
#include "support/program.hpp"

namespace {

lineshaft::host* the_host = nullptr;

}  // namespace

lineshaft::host& support::host() { return *the_host; }

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<children::hangs, children::shows_environment>);
  the_host = &host;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
