// A program with a manager in it, for tests that kill the manager: starts the workers that it is told, one of
// each class named in its arguments, says who is who, and then waits to be killed, or leaves.
#include <unistd.h>
#include <cstdio>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/processes.hpp"

using namespace children;

namespace {

// Leaves a process behind that only a control group can tell to be of its tree, and says which.
std::vector<std::string> escaping(const std::string& folder) {
  return {"sh", "-c",
          "( exec >/dev/null; env -i setsid sh -c \"trap '' TERM HUP; echo \\$\\$ >" + folder +
              "/escaped; while :; do sleep 1000; done\" & ) ; exec sleep 1000"};
}

// The same in a session of its own, and its parent has left.
std::vector<std::string> daemonizing(const std::string& folder) {
  return {"sh", "-c",
          "( exec >/dev/null; setsid sh -c \"trap '' TERM HUP; echo \\$\\$ >" + folder +
              "/daemon; while :; do sleep 1000; done\" & ) ; exec sleep 1000"};
}

// Ignores what it is asked; ready once it does.
std::vector<std::string> stubborn(const std::string& folder) {
  return {"sh", "-c", "exec >/dev/null; trap '' TERM; echo $$ >" + folder + "/stubborn; while :; do sleep 1000; done"};
}

// The next worker is made by another one.
void kill_fork_server() {
  const pid_t first = support::fork_server_of("self");
  ::kill(first, SIGKILL);
  support::eventually([first] { return support::state_of(first) == 0; });
}

// Holds whatever this process holds now.
void fork_copy(const std::string& folder) {
  if (::fork() != 0) return;
  ::close(STDOUT_FILENO);
  std::ofstream(folder + "/copy") << ::getpid() << std::endl;
  for (;;) ::pause();
}

lineshaft::start_options grouped() {
  lineshaft::start_options how;
  how.cgroup.emplace();
  return how;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(
      argc, argv, lineshaft::worker_classes<idle, runs, hangs, reports, never_stops, has_grandchild, forks_a_daemon>);
  lineshaft::process_manager manager(host);
  const std::string folder = argv[1];
  for (int index = 2; index < argc; ++index) {
    boost::json::object options;
    const std::string name = argv[index];
    if (name == "leave") std::exit(0);  // without a word to the manager
    if (name == "kill_fork_server") {
      kill_fork_server();
      continue;
    }
    if (name == "copy") {
      fork_copy(folder);
      continue;
    }
    if (name == "reports" || name == "never_stops" || name == "has_grandchild" || name == "forks_a_daemon")
      options["file"] = folder + "/" + name;
    const auto started = name == "program"      ? manager.start_command(name, {"sleep", "1000"})
                         : name == "escapes"    ? manager.start_command(name, escaping(folder), grouped())
                         : name == "daemonizes" ? manager.start_command(name, daemonizing(folder))
                         : name == "stubborn"   ? manager.start_command(name, stubborn(folder))
                                                : manager.start_worker(name, name, std::move(options));
    if (!started || !manager.wait_ready(name)) return 1;
    std::printf("%s %d\n", name.c_str(), *started);
    std::fflush(stdout);
  }
  std::printf("ready\n");
  std::fflush(stdout);
  for (;;) ::pause();
}
