// `manager FOLDER`: a manager with workers that print while they stop, to be killed. Else the tests.
#include <gtest/gtest.h>

#include "children/prints.hpp"
#include "support/eventually.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

namespace {

lineshaft::host* the_host = nullptr;

// Its loop is a shell's: SIGTERM is heard between two sleeps.
constexpr auto program = R"(
  trap 'i=0; while [ $i -lt 1200 ]; do echo 012345678901234567890123456789012345678901234567890123456789; i=$((i+1)); done
        echo printed >"$0"; exit 0' TERM
  echo ready
  while :; do sleep 0.01; done)";

int be_manager(lineshaft::host& host, const std::string& folder) {
  lineshaft::process_manager manager(host, {.log_dir = folder + "/logs"});
  const auto start = [&](const std::string& name) {
    return manager.start_worker("prints_in_stop", name, {{"file", folder + '/' + name}}).has_value() &&
           manager.wait_ready(name).has_value();
  };
  if (!start("class")) return 1;
  if (!manager.start_command("program", {"sh", "-c", program, folder + "/program"})) return 1;
  if (!support::eventually([] { return support::spares_of("self").size() == 2; }) || !start("spare")) return 1;
  while (manager.get_status("program").output.lines == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::cout << "ready" << std::endl;
  for (;;) ::pause();
}

}  // namespace

lineshaft::host& support::host() { return *the_host; }

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv,
                       lineshaft::worker_classes<children::counts, children::prints, children::prints_in_stop>);
  if (argc == 3 && std::string_view(argv[1]) == "manager") return be_manager(host, argv[2]);
  the_host = &host;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
