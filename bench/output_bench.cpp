// What workers print, through the manager into a file, beside cat(1) into the same file system.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <lineshaft/lineshaft.hpp>

#include "report.hpp"

namespace {

using bench::clock;
using bench::series;

constexpr std::size_t lines = 2'000'000, line_length = 120;

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "bench: " << why << '\n';
  std::exit(1);
}

void wait_for(pid_t pid) {
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid || status != 0) give_up("a program failed");
}

/// The same lines for both, from the page cache.
std::string make_source(const std::filesystem::path& folder) {
  const auto path = folder / "source";
  std::ofstream to(path, std::ios::binary);
  for (std::size_t number = 0; number < lines; ++number) {
    auto line = std::to_string(number) + ' ';
    line.append(line_length - 1 - line.size(), 'x');
    to << line << '\n';
  }
  return path;
}

/// dd | cat > FILE
double through_cat(const std::string& source, const std::filesystem::path& folder) {
  const auto target = folder / "cat.log";
  std::filesystem::remove(target);
  const auto command = "dd if=" + source + " bs=64k status=none | cat > " + target.string();
  std::array<char*, 4> argv{const_cast<char*>("sh"), const_cast<char*>("-c"), const_cast<char*>(command.c_str()),
                            nullptr};
  const auto began = clock::now();
  pid_t pid = 0;
  if (::posix_spawnp(&pid, "sh", nullptr, nullptr, argv.data(), environ) != 0) give_up("cannot execute sh");
  wait_for(pid);
  return bench::microseconds_since(began);
}

double through_manager(lineshaft::process_manager& manager, const std::string& source,
                       const std::filesystem::path& folder) {
  std::filesystem::remove(folder / "flood.log");
  const auto before = manager.get_status("flood").output.lines;
  const auto began = clock::now();
  const auto started =
      manager.start_command("flood", {"dd", "if=" + source, "bs=64k", "status=none"},
                            {.restart = {.mode = lineshaft::restart_mode::never}, .output = {.rotate_size = 0}});
  if (!started) give_up(started.error().message());
  while (manager.get_status("flood").alive || !manager.get_status("flood").last_exit)
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  manager.stop_process("flood");  // is not running: what it printed is in the file when this returns
  const double took = bench::microseconds_since(began);
  const auto output = manager.get_status("flood").output;
  if (output.lines - before != lines || output.lost_lines != 0) give_up("lines were lost");
  manager.forget("flood");
  return took;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<>);
  std::string name = (std::filesystem::temp_directory_path() / "lineshaft-bench-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  const auto source = make_source(folder);
  {
    lineshaft::process_manager manager(host, {.log_dir = folder});
    series cat, ours;
    // Turn about, so that both see the same machine.
    for (int round = 0; round < 9; ++round) {
      cat.values.push_back(through_cat(source, folder));
      ours.values.push_back(through_manager(manager, source, folder));
    }
    bench::report("240 MB of output through the manager to a file", "µs", ours, "through cat to a file", cat,
                  bench::at_most_times(1 / 0.7));
  }
  std::filesystem::remove_all(folder);
}
