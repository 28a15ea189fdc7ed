// A pipeline that the tests of telemetry look at from outside: what it has to do comes as options, what became of it
// goes to standard output as JSON.
#include <unistd.h>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/span.hpp>

#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <string_view>

#include "forking_workers.hpp"
#include "telemetry_workers.hpp"

using namespace std::chrono_literals;
using namespace lineshaft;
using namespace telemetry_test;

namespace {

boost::json::object outcome(process_manager& manager, std::string_view name) {
  const auto records = manager.exit_records(name);
  return {{"status", to_json(manager.get_status(name))},
          {"exit", records.empty() ? boost::json::value(nullptr) : to_json(records.back())}};
}

// What stands in OWN_NAME is NAME in the worker's own environment.
start_options with_own_variables() {
  start_options how;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const auto end = variable.find('=');
    if (variable.starts_with("OWN_")) how.env.emplace(variable.substr(4, end - 4), variable.substr(end + 1));
  }
  return how;
}

template <class W>
int run_one(process_manager& manager) {
  if (!manager.start_worker<W>(std::string(W::class_name), {}, with_own_variables())) return 1;
  manager.wait_end(60s);
  std::cout << boost::json::serialize(outcome(manager, W::class_name)) << std::endl;
  return 0;
}

// Until it is told to go on. Then it is stopped.
template <class W>
int run_until_told(process_manager& manager) {
  const std::string name(W::class_name);
  if (!manager.start_worker<W>(name) || !manager.wait_ready(name, 30s)) return 1;
  std::string line;
  std::getline(std::cin, line);
  if (line == "status") {
    std::cout << boost::json::serialize(outcome(manager, name)) << std::endl;
    std::getline(std::cin, line);
  }
  manager.stop_process(name);
  if (line == "outcome") std::cout << boost::json::serialize(outcome(manager, name)) << std::endl;
  return 0;
}

// One that finishes, one that crashes first, two with a queue between them. At the end all that is known of them.
int run_fleet(process_manager& manager) {
  const auto started = manager.start_worker<maker>("maker", {.spans = 3}) && manager.start_worker<crasher>("crasher") &&
                       manager.start_worker<consumer>("consumer") && manager.start_worker<producer>("producer");
  if (!started) return 1;
  manager.wait_end(60s);
  boost::json::array workers, exits, queues;
  for (const auto& status : manager.get_all_status()) {
    workers.push_back(to_json(status));
    for (const auto& record : manager.exit_records(status.name)) {
      auto exit = to_json(record);
      exit["worker"] = status.name;
      exits.push_back(std::move(exit));
    }
  }
  for (const auto& queue : manager.get_queues()) queues.push_back({{"name", queue.name}, {"depth", queue.depth}});
  std::cout << boost::json::serialize(boost::json::object{{"workers", workers}, {"exits", exits}, {"queues", queues}})
            << std::endl;
  return 0;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream from(file);
  return {std::istreambuf_iterator<char>(from), {}};
}

// Its folder in /proc.
std::filesystem::path fork_server() {
  for (const auto& one : std::filesystem::directory_iterator("/proc")) {
    const auto text = text_of(one.path() / "status");
    if (text.starts_with("Name:\tlineshaft-forks\n") && text.contains(std::format("\nPPid:\t{}\n", ::getpid())))
      return one.path();
  }
  return {};
}

// The next one is started by a process with an SDK in the middle of an export.
void kill_fork_server() { ::kill(std::stoi(fork_server().filename().string()), SIGKILL); }

// What the process has that clones all others.
int look_at_fork_server(process_manager& manager) {
  if (!manager.start_worker<look>("look")) return 1;
  const auto folder = fork_server();
  const auto threads = std::distance(std::filesystem::directory_iterator(folder / "task"), {});
  std::cout << boost::json::serialize(boost::json::object{
                   {"plugin", text_of(folder / "maps").contains("lineshaft-otlp")}, {"threads", threads}})
            << std::endl;
  manager.wait_end(60s);
  return 0;
}

// One after the other, in the way that managers of a program that is a test are.
int run_two_managers(host& host) {
  for (const auto* name : {"first", "second"}) {
    process_manager manager(host);
    if (!manager.start_worker<look>(name)) return 1;
    manager.wait_end(60s);
  }
  return 0;
}

// Children of a manager that is in the middle of an export.
int run_children(process_manager& manager, std::string_view how) {
  struct sigaction before{}, after{};
  ::sigaction(SIGPIPE, nullptr, &before);
  if (!manager.start_worker<look>("look")) return 1;
  std::string line;
  std::getline(std::cin, line);  // until the collector has a connection
  if (how == "respawn") kill_fork_server();
  const char* facts = "for each in /proc/self/fd/*; do echo fd ${each##*/}; done; grep ^SigIgn /proc/self/status";
  // A request that a dying fork server has is answered with its death.
  while (!manager.start_command("program", {"sh", "-c", facts})) continue;
  if (!manager.start_worker<open_sockets>("open_sockets")) return 1;
  manager.stop_process("open_sockets");
  manager.wait_end(60s);
  ::sigaction(SIGPIPE, nullptr, &after);
  std::cout << "SIGPIPE " << (before.sa_handler == after.sa_handler ? "as it was" : "changed") << std::endl;
  return 0;
}

// Two that cannot be started, one of them for its environment.
int run_failing(process_manager& manager) {
  start_options too_much{.restart = {.mode = restart_mode::never}};
  for (int i = 0; i < 40; ++i) too_much.env[std::format("BIG_{}", i)] = std::string(100'000, 'x');
  for (const auto& started : {manager.start_command("missing", {"/no/such/program"}, {.restart = too_much.restart}),
                              manager.start_command("huge", {"true"}, too_much)})
    std::cout << (started ? "started" : started.error().message()) << std::endl;
  return 0;
}

// A subscriber that takes nothing until everything has happened. Prints how many events it missed.
int run_slow_subscriber(process_manager& manager) {
  std::promise<void> over;
  std::uint64_t missed = 0;
  {
    const auto subscription = manager.subscribe(
        [&, released = over.get_future().share()](const event& one) {
          released.wait();
          if (one.kind == event_kind::dropped) missed += std::stoull(one.cause);
        },
        1);
    if (!manager.start_worker<crasher>("crasher")) return 1;
    manager.wait_end(60s);
    over.set_value();
  }
  std::cout << boost::json::serialize(boost::json::object{{"missed", missed}}) << std::endl;
  return 0;
}

// It alone has telemetry: the one connection of the collector is its own.
int run_executor(process_manager& manager) {
  start_options how;
  for (const char* name : {"ENDPOINT", "PROTOCOL"}) {
    if (const char* value = std::getenv((std::string("EXECUTOR_") + name).c_str()))
      how.env[std::string("OTEL_EXPORTER_OTLP_") + name] = value;
  }
  how.env["OTEL_BSP_SCHEDULE_DELAY"] = "1";
  how.env["LINESHAFT_OTEL_SHUTDOWN_TIMEOUT"] = "100";
  if (!manager.start_worker<executor>("executor", {}, how)) return 1;
  std::string line;
  std::getline(std::cin, line);  // until the collector has a connection
  manager.stop_process("executor");
  return 0;
}

int stop_deaf(process_manager& manager) {
  if (!manager.start_worker<deaf>("deaf") || !manager.wait_ready("deaf", 30s)) return 1;
  manager.stop_process("deaf", 100ms);
  return 0;
}

// One is not ready in time; a program is stopped, by a signal; one is stuck, twice.
int run_endings(process_manager& manager) {
  const restart_policy never{.mode = restart_mode::never};
  const auto started =
      manager.start_worker<deaf>(
          "late", {}, {.restart = never, .stop_timeout = 100ms, .start_timeout = 100ms, .ready = ready_when::notify}) &&
      manager.start_command("sleeper", {"sleep", "600"}, {.restart = never}) &&
      manager.start_worker<deaf>("stuck", {},
                                 {.restart = {.delay = 1ms, .limit = restart_limit{.count = 1}},
                                  .watchdog = watchdog_options{.timeout = 50ms, .ladder = {{SIGABRT, 2s}}}});
  if (!started) return 1;
  std::string line;
  std::getline(std::cin, line);
  manager.stop_process("sleeper");
  manager.wait_end(60s);
  return 0;
}

int relay(process_manager& manager) {
  {
    const char* caller_of_this = std::getenv("TRACEPARENT");
    const context_scope under({.traceparent = caller_of_this == nullptr ? "" : caller_of_this});
    // The manager's SDK begins with its first worker, and the caller's span needs one.
    if (!manager.start_worker<look>("look")) return 1;
    const span caller("caller");
    const detail::opaque_scope current(caller.opentelemetry_context());
    if (!manager.start_worker<consumer>("consumer") || !manager.start_worker<producer>("producer")) return 1;
    if (!manager.start_command("program", {"sh", "-c", "env | grep ^TRACEPARENT="})) return 1;
    manager.wait_end(60s);
  }
  return 0;
}

int make_spans(process_manager& manager, int argc, char** argv) {
  maker_options wanted{.spans = std::atoi(argv[2])};
  std::chrono::milliseconds stop_timeout = 10s;
  for (int i = 3; i < argc; ++i) {
    wanted.fork |= std::string_view(argv[i]) == "fork";
    wanted.linger |= std::string_view(argv[i]) == "linger";
    if (const auto time = std::atoi(argv[i]); time > 0) stop_timeout = std::chrono::milliseconds(time);
  }
  const auto ready = wanted.linger ? ready_when::notify : ready_when::start;
  if (auto started = manager.start_worker<maker>(
          "maker", wanted, {.restart = {.mode = restart_mode::never}, .stop_timeout = stop_timeout, .ready = ready});
      !started) {
    std::cerr << started.error().message() << '\n';
    return 1;
  }
  if (wanted.linger) {
    (void)manager.wait_ready("maker", 30s);
    std::string line;
    std::getline(std::cin, line);  // until it is told to go on
    if (line == "kill" || line == "terminate")
      ::kill(*manager.get_status("maker").pid, line == "kill" ? SIGKILL : SIGTERM);
    else
      manager.stop_process("maker", stop_timeout);
  }
  manager.wait_end(60s);
  std::cout << boost::json::serialize(outcome(manager, "maker")) << std::endl;
  return 0;
}

}  // namespace

// Asked by LeakSanitizer, where there is one.
extern "C" int __lsan_is_turned_off() { return child_of_a_fork ? 1 : 0; }  // NOLINT(bugprone-reserved-identifier)

int main(int argc, char** argv) {
  host host(argc, argv,
            worker_classes<maker, rich, look, producer, consumer, crasher, talker, chorus, deaf, open_sockets, executor,
                           hoarder, steady, injector, rooter, forker, threadless>);
  const std::string_view what = argc > 2 ? argv[1] : "";
  if (what == "two") return run_two_managers(host);
  process_manager manager(host);
  if (what == "spans") return make_spans(manager, argc, argv);
  if (what == "attributes") return run_one<rich>(manager);
  if (what == "relay") return relay(manager);
  if (what == "crash") return run_one<crasher>(manager);
  if (what == "look") return run_one<look>(manager);
  if (what == "talk") return run_one<talker>(manager);
  if (what == "chorus") return run_one<chorus>(manager);
  if (what == "children") return run_children(manager, argv[2]);
  if (what == "fleet") return run_fleet(manager);
  if (what == "failing") return run_failing(manager);
  if (what == "slow") return run_slow_subscriber(manager);
  if (what == "execute") return run_executor(manager);
  if (what == "deaf") return stop_deaf(manager);
  if (what == "hoard") return run_one<hoarder>(manager);
  if (what == "inject") return run_one<injector>(manager);
  if (what == "roots") return run_one<rooter>(manager);
  if (what == "steady") return run_until_told<steady>(manager);
  if (what == "forker") return run_until_told<forker>(manager);
  if (what == "threadless") return run_until_told<threadless>(manager);
  if (what == "forkserver") return look_at_fork_server(manager);
  if (what == "endings") return run_endings(manager);
  return 2;
}
