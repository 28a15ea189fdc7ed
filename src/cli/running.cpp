#include "cli/running.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>
#include <filesystem>
#include <format>
#include <iterator>

#include "cli/answers.hpp"
#include "cli/control_options.hpp"
#include "cli/manager_log.hpp"
#include "cli/plain_log.hpp"
#include "cli/plan_text.hpp"
#include "cli/run_directory.hpp"
#include "cli/terminal.hpp"
#include "config/fixed_settings.hpp"
#include "control/commands.hpp"
#include "control/stopped.hpp"
#include "lineshaft/process_manager.hpp"
#include "sys/process.hpp"

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

// What was said in the call holds where the files say nothing.
void take_log_dir(config::pipeline_file& file, const std::string& otherwise) {
  if (file.manager.log_dir.empty()) file.manager.log_dir = otherwise;
}

class foreground {
 public:
  foreground(const invocation& with, loaded_pipeline loaded, run_directory where)
      : with_(with),
        loaded_(std::move(loaded)),
        where_(std::move(where)),
        log_(with.common, bound_of_manager_log(where_)),
        signals_(loop_, SIGTERM, SIGINT, SIGHUP),
        manager_(with.host, owning(loaded_.file.manager)) {}

  int run() {
    const auto heard = manager_.subscribe([this](const event& what) { hear(what); });
    await_signal();
    if (auto listens = listen(); !listens) {
      complain(with_, listens.error().message());
      return not_done;
    }
    if (!loaded_.file.control.users.empty()) look_who_is_kept_out();
    const auto& pipeline = loaded_.file.pipeline;
    log_.say(std::format("{}: pipeline '{}', {} {}, process {}", with_.program, pipeline.name, pipeline.workers.size(),
                         pipeline.workers.size() == 1 ? "worker" : "workers", ::getpid()));
    if (auto started = manager_.start_pipeline(pipeline); !started) {
      complain(with_, started.error().message());
      return wrong_usage;
    }
    // Who asks finds the workers of the pipeline, all of them.
    server_->open();
    await_end();
    look_at_workers();
    loop_.run();
    patient_.join();
    server_.reset();
    return exit_code_;
  }

 private:
  result<> listen() {
    auto options = control_options_of(loaded_.file, where_);
    if (!options) return std::unexpected(options.error());
    auto listening = control::server::listen(
        manager_, std::move(*options),
        {.stopping =
             [this](auto within) {
               boost::asio::post(loop_, [this, within] { leave("a client has asked for the end: stopping", within); });
             },
         .load = [this] { return load_again(); }});
    if (!listening) return std::unexpected(listening.error());
    server_ = std::move(*listening);
    return {};
  }

  void look_who_is_kept_out() {
    if (const auto closed = closed_above(where_))
      log_.say(
          std::format("control.users: nobody else comes to the socket, because '{}' is closed to them; a "
                      "pipeline.run_dir in a folder that is not lets them in",
                      *closed));
  }

  // On the subscription's thread.
  void hear(const event& what) {
    log_.tell(what);
    if (look_is_due_.exchange(true)) return;
    boost::asio::post(loop_, [this] {
      look_is_due_ = false;
      look_at_workers();
      await_end();
    });
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

  // On a thread that may wait, as `reload`.
  result<control::loaded_pipeline> load_again() const {
    auto read = read_pipeline(with_, loaded_.paths);
    if (!read) return fail(one_text(read.error()));
    take_log_dir(*read, loaded_.log_dir);
    auto later = config::changed_fixed_settings(loaded_.file, *read);
    return control::loaded_pipeline{std::move(read->pipeline), std::move(later)};
  }

  void reload() {
    auto wanted = load_again();
    if (!wanted)
      return log_.say(wanted.error().message() + "\nreload: the pipeline file is wrong; nothing was changed");
    if (leaving_) return log_.say("reload: everything is being stopped; nothing was changed");
    auto plan = manager_.reload(std::move(wanted->pipeline));
    if (!plan) return log_.say(plan.error().message());
    std::ranges::move(wanted->later, std::back_inserter(plan->later));
    log_.say("reload: " + plan_text(to_json(*plan)));
  }

  void asked_to_leave(int signal) {
    const char* name = signal == SIGINT ? "SIGINT" : "SIGTERM";
    if (!leaving_) return leave(std::format("{}: stopping", name), std::nullopt);
    log_.say(std::format("{} again: what is left has {}", name, span_for_people(hurry)));
    // Of two deadlines the earlier one holds.
    boost::asio::post(patient_, [this] { manager_.stop_all(hurry); });
  }

  void leave(const std::string& why, std::optional<milliseconds> within) {
    if (leaving_.exchange(true)) return;
    log_.say(why);
    boost::asio::post(patient_, [this, within] {
      (void)manager_.tell_stopping();
      auto outcomes = within ? manager_.stop_all(*within) : manager_.stop_pipeline();
      boost::asio::post(loop_, [this, outcomes = std::move(outcomes)] { left(outcomes); });
    });
  }

  void left(const std::vector<stop_outcome>& outcomes) {
    for (const auto& one : outcomes) {
      const auto answer = control::to_json(one);
      if (one.how == stop_outcome::killed || !is_gone(answer)) log_.say(one.name + ": " + stopped_text(answer));
      if (!is_gone(answer)) exit_code_ = not_done;
    }
    finish();
  }

  void finish() {
    signals_.cancel();
    loop_.stop();
  }

  // READY=1 once: when each worker has become ready, or has ended.
  void look_at_workers() {
    if (told_ready_ || leaving_) return;
    const auto unsettled = [](const worker_status& one) {
      return !one.ready && one.state != worker_state::completed && one.state != worker_state::failed &&
             one.state != worker_state::stopped;
    };
    if (unsettled(manager_.get_status(unsettled_))) return;
    const auto all = manager_.get_all_status();
    if (all.empty()) return;
    // The last one: who is started in this order becomes ready in this order, more or less.
    if (const auto last = std::ranges::find_last_if(all, unsettled); !last.empty()) {
      unsettled_ = last.front().name;
      return;
    }
    told_ready_ = true;
    if (auto told = manager_.tell_ready(); !told) log_.say(told.error().message());
    const auto failed = std::ranges::count(all, worker_state::failed, &worker_status::state);
    log_.say(failed == 0 ? std::string("all workers are ready")
                         : std::format("{} of {} workers failed, the others are ready", failed, all.size()));
  }

  // A pipeline ends by itself when each worker has completed or failed. One whose workers were stopped by a command, or
  // that was scaled to none, waits for the next command.
  void await_end() {
    if (std::exchange(end_is_awaited_, true)) return;
    commands_.wait_end([this](pipeline_end how) { boost::asio::post(loop_, [this, how] { look_at_end(how); }); });
  }

  void look_at_end(pipeline_end how) {
    end_is_awaited_ = false;
    if (how == pipeline_end::failed)
      return ended(essential_failed_exit_code, "an essential worker has failed for good: the pipeline was stopped");
    const auto all = manager_.get_all_status();
    const auto failed = std::ranges::count(all, worker_state::failed, &worker_status::state);
    const auto completed = std::ranges::count(all, worker_state::completed, &worker_status::state);
    if (all.empty() || static_cast<std::size_t>(failed + completed) != all.size()) return;
    ended(failed > 0 ? not_done : done, failed > 0
                                            ? std::format("all workers have ended, {} of them by failure", failed)
                                            : "all workers have completed");
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
  control::commands commands_{manager_};
  std::unique_ptr<control::server> server_;
  boost::asio::thread_pool patient_{3};  ///< a reload, a stop, and one in a hurry
  std::string unsettled_;  ///< a worker for which all others wait, so that not each event makes us look at each of them
  std::atomic<bool> look_is_due_ = false, leaving_ = false;
  bool told_ready_ = false, end_is_awaited_ = false;
  int exit_code_ = done;
};

}  // namespace

int run_in_foreground(const invocation& with, loaded_pipeline loaded) {
  take_log_dir(loaded.file, loaded.log_dir);
  // Who read what is printed may have gone first, as after Ctrl-C in `run | tee`.
  sys::ignore_signal(SIGPIPE);
  const auto& pipeline = loaded.file.pipeline;
  const auto where = run_directory_of(pipeline.name, loaded.file.run_dir, loaded.folder);
  const auto open_to = loaded.file.control.users.empty() ? reach::own_user : reach::others;
  const auto lock = make(where, open_to).and_then([&] { return run_lock::take(where, pipeline.name); });
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
