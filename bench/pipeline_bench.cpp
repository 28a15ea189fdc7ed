// The example pipeline from end to end, as market-data runs it: every event of a generated day through listener, queue
// and processor into the cache.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "market_data/generate/generator.hpp"
#include "market_data/pipeline.hpp"
#include "report.hpp"

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t events = 500'000;
constexpr auto listener = "listener";

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "bench: " << why << '\n';
  std::exit(1);
}

class folder {
 public:
  folder() {
    auto name = (std::filesystem::temp_directory_path() / "lineshaft-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) give_up("no temporary folder");
    path_ = name;
  }
  ~folder() { std::filesystem::remove_all(path_); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Nanoseconds for each event, from the start of the listener until the last event is in the cache.
double through_pipeline(lineshaft::host& host, const folder& in, int round) {
  lineshaft::process_manager manager(host);
  const auto cache = "lmdb:" + (in / ("cache" + std::to_string(round)));
  auto started = market_data::start_processors(manager, {.cache = cache});
  const auto began = bench::clock::now();
  if (started) started = market_data::start_listener(manager, listener, "replay:" + (in / "day.ndjson"));
  if (!started) give_up(started.error().message());
  while (!market_data::is_drained(manager, listener)) std::this_thread::sleep_for(2ms);
  const double took = bench::microseconds_since(began);
  manager.stop_all(10s);
  const auto accounts = market_data::accounts_of(manager);
  if (accounts.fed != events || accounts.processed != events) give_up("the accounts do not balance");
  return 1000 * took / static_cast<double>(events);
}

/// The least that the way of an event costs: each line of the file read, each event one packet to another process.
double through_socket(const folder& in) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) give_up("no socket pair");
  const auto began = bench::clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(ends[0]);
    std::ifstream day(in / "day.ndjson");
    for (std::string line; std::getline(day, line);) {
      // Every event of the generator ends with the first '}' behind its beginning: nothing in it is nested but arrays.
      for (std::size_t at = 1; at < line.size();) {
        const auto end = line.find('}', at) + 1;
        if (::send(ends[1], line.data() + at, end - at, 0) < 0) ::_exit(1);
        at = end + 1;
      }
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  char packet[4096];
  std::uint64_t count = 0;
  while (::recv(ends[0], packet, sizeof packet, 0) > 0) ++count;
  const double took = bench::microseconds_since(began);
  ::close(ends[0]);
  ::waitpid(pid, nullptr, 0);
  if (count != events) give_up("the socket carried " + std::to_string(count) + " events");
  return 1000 * took / static_cast<double>(events);
}

/// CPU time of all children that have ended so far, in nanoseconds.
double children_cpu() {
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
  return 1e9 * seconds + 1e3 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, market_data::worker_classes());
  const folder in;
  {
    std::ofstream day(in / "day.ndjson");
    market_data::generator({.events = events}).run([&](std::string_view line) {
      return static_cast<bool>(day.write(line.data(), static_cast<std::streamsize>(line.size())));
    });
  }
  bench::series ours, bare, cpu;
  for (int round = 0; round < 5; ++round) {
    bare.values.push_back(through_socket(in));
    const auto before = children_cpu();
    ours.values.push_back(through_pipeline(host, in, round));
    cpu.values.push_back((children_cpu() - before) / static_cast<double>(events));
  }
  const auto name = "its line read, and one packet to another process";
  bench::report("an event through the example pipeline, end to end", "ns", ours, name, bare, bench::at_most(5000));
  bench::report("the same, CPU time of all its processes", "ns", cpu, name, bare);
}
