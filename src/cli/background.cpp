#include "cli/background.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/manager_log.hpp"
#include "cli/run_directory.hpp"
#include "cli/terminal.hpp"
#include "policy/moments.hpp"
#include "policy/notification.hpp"
#include "sys/background.hpp"
#include "sys/notify_socket.hpp"
#include "sys/poll.hpp"
#include "sys/wait.hpp"

namespace lineshaft::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::vector<std::string> command_line(const invocation& with, const loaded_pipeline& loaded) {
  std::vector<std::string> line{with.path};
  for (const auto& file : loaded.paths) line.insert(line.end(), {"-f", file});
  for (const auto& profile : with.common.profiles) line.insert(line.end(), {"--profile", profile});
  line.push_back("run");
  // Nobody could read what workers print on a terminal that is gone.
  const auto& log_dir = loaded.file.manager.log_dir;
  line.insert(line.end(), {"--log-dir", log_dir.empty() ? default_log_dir(loaded.file.pipeline.name) : log_dir});
  return line;
}

std::vector<std::string> environment_with(const std::string& notify_socket) {
  std::vector<std::string> all;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view entry(*one);
    // Of a watchdog over this command.
    if (!entry.starts_with("NOTIFY_SOCKET=") && !entry.starts_with("WATCHDOG_")) all.emplace_back(entry);
  }
  all.push_back("NOTIFY_SOCKET=" + notify_socket);
  return all;
}

class start_up {
 public:
  start_up(const invocation& with, const loaded_pipeline& loaded, run_directory where)
      : with_(with), name_(loaded.file.pipeline.name), where_(std::move(where)) {}

  result<> begin(const loaded_pipeline& loaded) {
    auto heard = sys::bind_notify_socket();
    if (!heard) return std::unexpected(heard.error());
    heard_ = std::move(*heard);
    // What the last manager said is why it is not there any more.
    std::error_code ignored;
    const auto path = manager_log_of(where_);
    std::filesystem::rename(path, path + ".1", ignored);
    const unique_fd log(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    if (log.get() < 0) return fail(std::error_code(errno, std::generic_category()), "cannot open '" + path + "'");
    auto started =
        sys::start_in_background(with_.path, command_line(with_, loaded), environment_with(heard_.address), log.get());
    if (!started) return std::unexpected(started.error());
    manager_ = std::move(*started);
    return {};
  }

  int wait(listen_until until, std::optional<milliseconds> within) {
    auto poller = sys::poller::make();
    if (!poller || !poller->add(heard_.socket.get()) || !poller->add(manager_.handle.get())) return done;
    const auto end = policy::after(steady_clock::now(), within.value_or(milliseconds::max()));
    while (!ready_) {
      const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
      if (left <= milliseconds(0)) return too_late(*within);
      const auto news = poller->wait(within ? std::optional(left) : std::nullopt);
      if (std::ranges::contains(news, heard_.socket.get())) {
        hear();
        // Its first word comes when its socket is there.
        if (until == listen_until::begun) {
          clear();
          return done;
        }
      } else if (std::ranges::contains(news, manager_.handle.get())) {
        return ended();
      }
    }
    return up();
  }

 private:
  void hear() {
    while (auto datagram = sys::receive_datagram(heard_.socket.get(), policy::longest_notification)) {
      const auto said = policy::parse_notification(datagram->text);
      if (!said) continue;
      if (said->status) show(*said->status);
      ready_ = ready_ || said->ready;
    }
  }

  // In one line that is written again and again, where there is somebody to see it.
  void show(const std::string& progress) {
    progress_ = progress;
    if (with_.common.json || ::isatty(STDERR_FILENO) != 1) return;
    std::cerr << "\r\x1b[K" << progress << std::flush;
    shown_ = true;
  }
  void clear() {
    if (std::exchange(shown_, false)) std::cerr << "\r\x1b[K" << std::flush;
  }

  int up() {
    clear();
    const bool failed = progress_.contains("failed");
    if (with_.common.json) {
      std::cout << boost::json::serialize(boost::json::object{
                       {"pipeline", name_}, {"pid", manager_.pid}, {"ready", !failed}, {"status", progress_}})
                << '\n';
    } else {
      std::cout << std::format("{} is up: process {}, {}\n", name_, manager_.pid, progress_);
    }
    return failed ? not_done : done;
  }

  int too_late(milliseconds within) {
    clear();
    complain(with_,
             std::format("{} is not up within {}: {}; process {} goes on", name_, span_for_people(within), progress_,
                         manager_.pid),
             with_.program + " status");
    return not_done;
  }

  int ended() {
    clear();
    const auto status = sys::reap(manager_.handle.get());
    const int code = status && status->code >= 0 ? status->code : not_done;
    std::ifstream log(manager_log_of(where_));
    std::cerr << std::string(std::istreambuf_iterator<char>(log), {});
    if (code != done) {
      complain(with_, std::format("the manager of {} has ended with code {}", name_, code));
    } else {
      std::cout << std::format("{} has ended: all workers have completed\n", name_);
    }
    return code;
  }

  const invocation& with_;
  std::string name_;
  run_directory where_;
  sys::notify_socket heard_;
  sys::background_process manager_;
  std::string progress_ = "no worker is ready yet";
  bool ready_ = false, shown_ = false;
};

}  // namespace

// XDG Base Directory Specification: logs are state. As root, where the system has them.
std::string default_log_dir(const std::string& pipeline) {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::format("{}/lineshaft/{}", state, pipeline);
  if (::geteuid() == 0) return "/var/log/lineshaft/" + pipeline;
  const char* home = std::getenv("HOME");
  return std::format("{}/.local/state/lineshaft/{}", home == nullptr ? "" : home, pipeline);
}

int run_in_background(const invocation& with, const loaded_pipeline& loaded, listen_until until,
                      std::optional<milliseconds> within) {
  const auto& name = loaded.file.pipeline.name;
  const auto where = run_directory_of(name, loaded.file.run_dir, loaded.folder);
  if (const auto holder = holder_of(where)) {
    complain(with, std::format("pipeline '{}' is run by {} already", name, *holder), with.program + " status");
    return not_done;
  }
  start_up pipeline(with, loaded, where);
  const auto open_to = loaded.file.control.users.empty() ? reach::own_user : reach::others;
  auto begun = make(where, open_to).and_then([&] { return pipeline.begin(loaded); });
  if (!begun) {
    complain(with, begun.error().message());
    return not_done;
  }
  return pipeline.wait(until, within);
}

}  // namespace lineshaft::cli
