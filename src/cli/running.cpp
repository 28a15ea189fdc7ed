#include "cli/running.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <format>
#include <mutex>
#include <thread>

#include "cli/control_options.hpp"
#include "cli/plain_log.hpp"
#include "cli/plan_text.hpp"
#include "cli/run_directory.hpp"
#include "cli/terminal.hpp"
#include "lineshaft/process_manager.hpp"

namespace lineshaft::cli {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// How long workers have when somebody is in a hurry.
constexpr milliseconds hurry = 1s;

// The command makes no children but workers: whatever else comes to it as an orphan, as to PID 1, is to be reaped.
manager_options owning(manager_options options) {
  options.owns_children = true;
  return options;
}

std::string one_text(const std::vector<config::fault>& faults) {
  std::string text;
  for (const auto& one : faults) text += (text.empty() ? "" : "\n") + to_text(one);
  return text;
}

class foreground {
 public:
  foreground(const invocation& with, loaded_pipeline loaded, run_directory where)
      : with_(with),
        loaded_(std::move(loaded)),
        where_(std::move(where)),
        log_(with.common),
        signals_(loop_, SIGTERM, SIGINT, SIGHUP),
        manager_(with.host, owning(loaded_.file.manager)) {}

  int run() {
    const auto heard = manager_.subscribe([this](const event& what) { hear(what); });
    await_signal();
    if (auto listens = serve(); !listens) {
      complain(with_, listens.error().message());
      return not_done;
    }
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
    patient_.join();
    server_.reset();
    return exit_code_;
  }

 private:
  result<> serve() {
    auto options = control_options_of(loaded_.file, where_);
    if (!options) return std::unexpected(options.error());
    auto started = control::server::start(
        manager_, std::move(*options),
        {.stopping =
             [this](auto within) {
               boost::asio::post(loop_, [this, within] { leave("a client has asked for the end: stopping", within); });
             },
         .load = [this] { return load_again(); }});
    if (!started) return std::unexpected(started.error());
    server_ = std::move(*started);
    return {};
  }

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
        boost::asio::post(patient_, [this] { reload(); });
      } else {
        asked_to_leave(signal);
      }
      await_signal();
    });
  }

  // On a thread that may wait, as the next three.
  result<pipeline_spec> load_again() const {
    auto read = read_pipeline(with_, loaded_.paths);
    if (!read) return fail(one_text(read.error()));
    return std::move(read->pipeline);
  }

  void reload() {
    auto wanted = load_again();
    if (!wanted)
      return log_.say(wanted.error().message() + "\nreload: the pipeline file is wrong; nothing was changed");
    const auto plan = manager_.reload(std::move(*wanted));
    log_.say(plan ? "reload: " + plan_text(to_json(*plan)) : plan.error().message());
  }

  void asked_to_leave(int signal) {
    const char* name = signal == SIGINT ? "SIGINT" : "SIGTERM";
    if (!leaving_) return leave(std::format("{}: stopping", name), std::nullopt);
    log_.say(std::format("{} again: what is left has {}", name, span_for_people(hurry)));
    // Of two deadlines the earlier one holds.
    boost::asio::post(patient_, [this] { manager_.stop_all(hurry); });
  }

  void leave(const std::string& why, std::optional<milliseconds> within) {
    if (std::exchange(leaving_, true)) return;
    log_.say(why);
    boost::asio::post(patient_, [this, within] {
      auto outcomes = within ? manager_.stop_all(*within) : manager_.stop_pipeline();
      boost::asio::post(loop_, [this, outcomes = std::move(outcomes)] { left(outcomes); });
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
  run_directory where_;
  plain_log log_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  boost::asio::signal_set signals_;
  process_manager manager_;
  std::unique_ptr<control::server> server_;
  boost::asio::thread_pool patient_{3};  ///< a reload, a stop, and one in a hurry
  bool leaving_ = false, told_ready_ = false;
  int exit_code_ = done;
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
  return foreground(with, std::move(loaded), where).run();
}

}  // namespace lineshaft::cli
