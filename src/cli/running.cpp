#include "cli/running.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <format>
#include <iostream>
#include <mutex>
#include <thread>

#include "cli/event_line.hpp"
#include "cli/run_directory.hpp"
#include "cli/terminal.hpp"
#include "lineshaft/process_manager.hpp"

namespace lineshaft::cli {
namespace {

// The command makes no children but workers: whatever else comes to it as an orphan, as to PID 1, is to be reaped.
manager_options owning(manager_options options) {
  options.owns_children = true;
  return options;
}

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// How long workers have when somebody is in a hurry.
constexpr milliseconds hurry = 1s;

/// Lines of one stream from several threads.
class plain_log {
 public:
  explicit plain_log(const common& asked) : json_(asked.json), coloured_(wants_colour(asked)) {}

  void tell(const event& what) {
    const std::lock_guard lock(mutex_);
    std::cout << (json_ ? boost::json::serialize(to_json(what)) : event_line(what, coloured_)) << std::endl;
  }
  /// Of the manager itself; not among the JSON lines, which are events.
  void say(const std::string& text) {
    const std::lock_guard lock(mutex_);
    (json_ ? std::cerr : std::cout) << text << std::endl;
  }

 private:
  std::mutex mutex_;
  bool json_, coloured_;
};

class foreground {
 public:
  foreground(const invocation& with, loaded_pipeline loaded)
      : with_(with),
        loaded_(std::move(loaded)),
        log_(with.common),
        signals_(loop_, SIGTERM, SIGINT, SIGHUP),
        manager_(with.host, owning(loaded_.file.manager)) {}

  int run() {
    const auto heard = manager_.subscribe([this](const event& what) { hear(what); });
    await_signal();
    const auto& pipeline = loaded_.file.pipeline;
    log_.say(std::format("{}: pipeline '{}', {} workers, process {}", with_.program, pipeline.name,
                         pipeline.workers.size(), ::getpid()));
    if (auto started = manager_.start_pipeline(pipeline); !started) {
      complain(with_, started.error().message());
      return wrong_usage;
    }
    std::thread watch([this] { watch_for_end(); });
    look_at_workers();
    loop_.run();
    watch.join();
    if (stopping_.joinable()) stopping_.join();
    for (auto& one : hurrying_) one.join();
    return exit_code_;
  }

 private:
  // On the subscription's thread.
  void hear(const event& what) {
    log_.tell(what);
    boost::asio::post(loop_, [this] { look_at_workers(); });
    {
      const std::lock_guard lock(mutex_);
      ++heard_;
    }
    more_.notify_all();
  }

  void await_signal() {
    signals_.async_wait([this](boost::system::error_code ec, int signal) {
      if (ec) return;
      if (signal == SIGHUP) {
        reload();
      } else {
        asked_to_leave(signal);
      }
      await_signal();
    });
  }

  // The file as it is now, so that a mistake in it is found when it is made.
  void reload() {
    const auto read = read_pipeline(with_, loaded_.paths);
    if (!read) {
      for (const auto& one : read.error()) log_.say(to_text(one));
      return log_.say("reload: the pipeline file is wrong; nothing was changed");
    }
    log_.say(
        "reload: the pipeline file is right, but changing a running pipeline is not supported yet by this version");
  }

  void asked_to_leave(int signal) {
    const char* name = signal == SIGINT ? "SIGINT" : "SIGTERM";
    if (!leaving_)
      return leave(std::format("{}: stopping, at most {}", name, span_for_people(loaded_.file.pipeline.stop_timeout)));
    log_.say(std::format("{} again: what is left has {}", name, span_for_people(hurry)));
    // Of two deadlines the earlier one holds.
    hurrying_.emplace_back([this] { manager_.stop_all(hurry); });
  }

  void leave(const std::string& why) {
    if (std::exchange(leaving_, true)) return;
    log_.say(why);
    stopping_ = std::thread([this] {
      const auto outcomes = manager_.stop_all(loaded_.file.pipeline.stop_timeout);
      boost::asio::post(loop_, [this, outcomes] { left(outcomes); });
    });
  }

  void left(const std::vector<stop_outcome>& outcomes) {
    for (const auto& one : outcomes) {
      if (one.how == stop_outcome::killed)
        log_.say(std::format("{} did not leave in time and was killed after {}", one.name, span_for_people(one.took)));
    }
    finish();
  }

  void finish() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    more_.notify_all();
    signals_.cancel();
    loop_.stop();
  }

  // READY=1 once: when each worker has become ready, or has ended.
  void look_at_workers() {
    if (told_ready_ || leaving_) return;
    const auto settled = [](const worker_status& one) {
      return one.ready || one.state == worker_state::completed || one.state == worker_state::failed ||
             one.state == worker_state::stopped;
    };
    const auto all = manager_.get_all_status();
    if (all.empty() || !std::ranges::all_of(all, settled)) return;
    told_ready_ = true;
    if (auto told = manager_.tell_ready(); !told) log_.say(told.error().message());
    const auto failed = std::ranges::count(all, worker_state::failed, &worker_status::state);
    log_.say(failed == 0 ? std::string("all workers are ready")
                         : std::format("{} of {} workers failed, the others are ready", failed, all.size()));
  }

  // A pipeline ends by itself when each worker has completed or failed. One whose workers were stopped by a command
  // waits for the next command.
  void watch_for_end() {
    for (;;) {
      std::uint64_t heard = 0;
      {
        const std::lock_guard lock(mutex_);
        heard = heard_;
      }
      const auto end = manager_.wait_end(milliseconds::max());
      if (end == pipeline_end::failed) {
        return boost::asio::post(loop_, [this] {
          ended(essential_failed_exit_code, "an essential worker has failed for good: the pipeline was stopped");
        });
      }
      const auto all = manager_.get_all_status();
      const auto state = [&](worker_state wanted) { return std::ranges::count(all, wanted, &worker_status::state); };
      const auto failed = state(worker_state::failed);
      if (static_cast<std::size_t>(failed + state(worker_state::completed)) == all.size()) {
        return boost::asio::post(loop_, [this, failed] {
          ended(failed > 0 ? not_done : done, failed > 0
                                                  ? std::format("all workers have ended, {} of them by failure", failed)
                                                  : "all workers have completed");
        });
      }
      std::unique_lock lock(mutex_);
      more_.wait(lock, [&] { return over_ || heard_ != heard; });
      if (over_) return;
    }
  }

  void ended(int code, const std::string& why) {
    if (leaving_) return;
    exit_code_ = code;
    log_.say(why);
    leaving_ = true;
    finish();
  }

  const invocation& with_;
  loaded_pipeline loaded_;
  plain_log log_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  boost::asio::signal_set signals_;
  process_manager manager_;
  bool leaving_ = false, told_ready_ = false;
  int exit_code_ = done;
  std::thread stopping_;
  std::vector<std::thread> hurrying_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::uint64_t heard_ = 0;  ///< events
  bool over_ = false;
};

}  // namespace

int run_in_foreground(const invocation& with, loaded_pipeline loaded) {
  const auto& pipeline = loaded.file.pipeline;
  const auto where = run_directory_of(pipeline.name, loaded.file.run_dir, loaded.folder);
  const auto lock = run_lock::take(where, pipeline.name);
  if (!lock) {
    complain(with, lock.error().message());
    return not_done;
  }
  std::error_code ec;
  std::filesystem::current_path(loaded.folder, ec);
  if (ec) {
    complain(with, std::format("cannot change to '{}': {}", loaded.folder, ec.message()));
    return not_done;
  }
  return foreground(with, std::move(loaded)).run();
}

}  // namespace lineshaft::cli
