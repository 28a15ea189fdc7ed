// Programs as workers: any executable, with readiness, limits, a stop of its own, and exit codes that mean something.
#include <lineshaft/lineshaft.hpp>

#include <filesystem>

using namespace std::chrono_literals;

namespace {

// The clock of this folder lies beside this program.
std::string clock_program(const char* self) {
  return std::filesystem::canonical(self).parent_path() / "05_programs_clock";
}

lineshaft::start_options as_clock() {
  lineshaft::start_options how;
  how.ready = lineshaft::ready_when::notify;                // ready when it says so: sd_notify(3)
  how.stop = {{SIGINT, 2s}, {SIGTERM, 1s}, {SIGKILL, 1s}};  // fitted into the time that a stop has
  how.limits = {.core = 0, .nofile = 64};
  how.nice = 5;
  how.umask = 0077;
  return how;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, {});
  lineshaft::process_manager manager(host);

  const auto clock = manager.start_command("clock", {clock_program(argv[0])}, as_clock());
  if (!clock) return std::cerr << clock.error().message() << '\n', 1;
  if (const auto ready = manager.wait_ready("clock"); !ready) return std::cerr << ready.error().message() << '\n', 1;
  std::cout << "clock: ready, says '" << manager.get_status("clock").status_text << "'\n";

  // What cannot hold is said before there is a process.
  auto impossible = as_clock();
  impossible.limits.nofile = {{100, 10}};
  std::cout << manager.start_command("impossible", {"true"}, impossible).error().message() << '\n';

  // A task whose exit code 3 is no failure ("nothing to do").
  const lineshaft::start_options as_task{.kind = lineshaft::worker_kind::task, .success_exit_codes = {0, 3}};
  if (!manager.start_command("task", {"sh", "-c", "exit 3"}, as_task)) return 1;
  while (!manager.get_status("task").last_exit) std::this_thread::sleep_for(1ms);
  std::cout << "task: " << to_string(manager.get_status("task").state) << ", "
            << manager.get_status("task").last_exit->reason << '\n';

  if (!manager.tell_ready()) return 1;  // heard by systemd, if this program is a Type=notify service
  const auto outcome = manager.stop_process("clock", 5s);
  std::cout << "clock: " << outcome.exit->reason << ", said last '" << outcome.exit->status_text << "'\n";
}
