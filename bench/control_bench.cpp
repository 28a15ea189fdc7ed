// The API of a manager with 100 workers, as its client sees it over the Unix socket.
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <lineshaft/lineshaft.hpp>
#include <thread>

#include "control/client.hpp"
#include "control/server.hpp"
#include "no_options.hpp"
#include "report.hpp"

namespace {

namespace control = lineshaft::control;
using bench::no_options;

class idle : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "idle";
  using options = no_options;
  idle(options, lineshaft::worker_context&) {}
  boost::asio::awaitable<void> start() override { co_return; }
};

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "bench_control: " << why << '\n';
  std::exit(1);
}

template <class What>
bench::series measured(int rounds, What what) {
  bench::series took;
  for (int round = 0; round < rounds; ++round) {
    const auto began = bench::clock::now();
    what();
    took.values.push_back(bench::microseconds_since(began));
  }
  return took;
}

/// There and back between two threads: what a request costs at least.
bench::series round_trips(int rounds) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) give_up("no socket pair");
  std::thread other([end = ends[1]] {
    for (char c = 0; ::read(end, &c, 1) == 1;) (void)!::write(end, &c, 1);
  });
  auto took = measured(rounds, [end = ends[0]] {
    char c = 0;
    if (::write(end, &c, 1) != 1 || ::read(end, &c, 1) != 1) give_up("the socket is broken");
  });
  ::close(ends[0]);
  other.join();
  ::close(ends[1]);
  return took;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<idle>);
  lineshaft::process_manager manager(host);
  const auto socket = std::filesystem::temp_directory_path() / ("lineshaft-bench-" + std::to_string(::getpid()));
  const auto server = control::server::listen(manager, {.pipeline = "bench", .socket = socket.string()});
  if (!server) give_up(server.error().message());
  (*server)->open();
  for (int number = 0; number < 100; ++number) {
    const auto name = "worker-" + std::to_string(number);
    if (!manager.start_worker<idle>(name) || !manager.wait_ready(name)) give_up("'" + name + "' does not start");
  }
  control::client client(socket.string());
  const auto get = [&](const std::string& target) {
    const auto got = client.send("GET", target);
    if (!got || got->status != 200) give_up("no answer to " + target);
  };
  get("/v1/status");
  const auto all = measured(500, [&] { get("/v1/status"); });
  const auto read = measured(500, [&] { (void)manager.get_all_status(); });
  bench::report("API: status of 100 workers", "µs", all, "get_all_status() in the program itself", read,
                bench::at_most(1000));
  const auto one = measured(5000, [&] { get("/v1/workers/worker-7"); });
  bench::report("API: one request after another, each", "µs", one, "a byte there and back between two threads",
                round_trips(5000));
}
