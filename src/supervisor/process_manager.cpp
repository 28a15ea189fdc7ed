#include "lineshaft/process_manager.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/serialize.hpp>
#include <future>
#include <thread>

#include "policy/moments.hpp"
#include "supervisor/environment.hpp"
#include "supervisor/settings.hpp"
#include "supervisor/supervisor.hpp"

namespace lineshaft {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What a killed process may take to vanish before a waiting caller is told so: it is in the kernel's hands
// then, and one in uninterruptible sleep (D) stays there as long as its device wants.
constexpr milliseconds vanishing = std::chrono::seconds(1);

// A process comes into being in milliseconds; a fork server that is stopped, or has no memory to run in, may
// never answer.
constexpr milliseconds launch_patience = std::chrono::seconds(30);

template <class T>
T wait_for(std::future<T>& answer, steady_clock::time_point until, T otherwise) {
  return answer.wait_until(until) == std::future_status::ready ? answer.get() : std::move(otherwise);
}

}  // namespace

class process_manager::implementation {
 public:
  explicit implementation(host& made_from)
      : host_(made_from), core_(loop_, directory_), thread_([this] { loop_.run(); }) {
    boost::asio::post(loop_, [this] { core_.prepare(); });
  }

  ~implementation() {
    ask<bool>([this](auto answer) { core_.close([answer] { answer(true); }); }).wait_for(2 * vanishing);
    // A loop that is stopped runs nothing more; its objects go after the thread.
    work_.reset();
    loop_.stop();
    thread_.join();
  }

  /// Runs `ask(answer)` on the supervisor's thread; `answer(value)` comes back as a future.
  template <class T, class Ask>
  std::future<T> ask(Ask ask) {
    auto promise = std::make_shared<std::promise<T>>();
    auto future = promise->get_future();
    boost::asio::post(loop_, [promise, ask = std::move(ask)]() mutable {
      ask([promise](T value) { promise->set_value(std::move(value)); });
    });
    return future;
  }

  supervisor::worker_identity identity(std::string name) const {
    return {.name = std::move(name),
            .class_name = {},
            .options = {},
            .argv = {},
            .inherited_environment = supervisor::inherited_environment(),
            .context = current_trace_context(),
            .settings = {}};
  }

  result<pid_t> start(supervisor::worker_identity identity, start_options how) {
    const auto name = identity.name;
    auto settings = supervisor::resolve_settings(how, identity.inherited_environment);
    if (!settings) return fail(settings.error().code, "cannot start '" + name + "': " + settings.error().doing);
    identity.settings = std::move(*settings);
    const auto until = steady_clock::now() + launch_patience;
    auto started =
        ask<result<pid_t>>([this, identity = std::move(identity), how = std::move(how)](auto answer) mutable {
          core_.start(std::move(identity), std::move(how), answer);
        });
    if (started.wait_until(until) == std::future_status::ready) return started.get();
    // Should the process come after all, it goes again at once.
    stop(name, until, until);
    return fail(std::errc::timed_out, "cannot start '" + name + "': the fork server does not answer");
  }

  /// All of them side by side: under one deadline, or each with its own stop timeout.
  std::vector<stop_outcome> stop_each(std::optional<milliseconds> timeout) {
    const auto now = steady_clock::now();
    std::vector<std::pair<std::future<stop_outcome>, supervisor::worker_timeout>> stopping;
    for (auto& worker :
         ask<std::vector<supervisor::worker_timeout>>([this](auto answer) { answer(core_.workers()); }).get()) {
      worker.stop_timeout = timeout.value_or(worker.stop_timeout);
      stopping.emplace_back(stop(worker.name, now, policy::after(now, worker.stop_timeout)), worker);
    }
    std::vector<stop_outcome> outcomes;
    for (auto& [stopped, worker] : stopping) {
      outcomes.push_back(wait_for(stopped, policy::after(now, worker.stop_timeout) + vanishing,
                                  unkillable(worker.name, worker.stop_timeout)));
    }
    return outcomes;
  }

  static stop_outcome unkillable(std::string name, milliseconds waited) {
    return {.name = std::move(name), .how = stop_outcome::killed, .took = waited + vanishing};
  }

  std::future<stop_outcome> stop(std::string name, steady_clock::time_point asked, steady_clock::time_point deadline) {
    return ask<stop_outcome>(
        [this, name = std::move(name), asked, deadline](auto answer) { core_.stop(name, {asked, deadline}, answer); });
  }

  host& host_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  supervisor::directory directory_;
  supervisor::supervisor core_;
  std::thread thread_;
};

process_manager::process_manager(host& host) : implementation_(std::make_unique<implementation>(host)) {}

// Each with its own stop timeout, all side by side.
process_manager::~process_manager() { implementation_->stop_each(std::nullopt); }

result<pid_t> process_manager::start_worker(std::string_view class_name, std::string name, boost::json::object options,
                                            start_options how) {
  const auto classes = implementation_->host_.classes();
  const auto found = std::ranges::find(classes, class_name, &worker_class::name);
  if (found == classes.end())
    return fail("cannot start '" + name + "': this program has no worker class '" + std::string(class_name) + "'");
  if (auto fits = found->check(options); !fits) {
    return fail(fits.error().code, "cannot start '" + name + "': " + fits.error().doing);
  }
  auto identity = implementation_->identity(std::move(name));
  identity.class_name = class_name;
  identity.options = boost::json::serialize(options);
  return implementation_->start(std::move(identity), std::move(how));
}

result<pid_t> process_manager::start_command(std::string name, std::vector<std::string> argv, start_options how) {
  if (argv.empty() || argv.front().empty())
    return fail("cannot start '" + name + "': a command needs a program to run");
  auto identity = implementation_->identity(std::move(name));
  identity.argv = std::move(argv);
  return implementation_->start(std::move(identity), std::move(how));
}

result<> process_manager::wait_ready(std::string_view name, milliseconds timeout) {
  auto ready = implementation_->ask<result<>>(
      [core = &implementation_->core_, name = std::string(name)](auto answer) { core->wait_ready(name, answer); });
  return wait_for<result<>>(
      ready, policy::after(steady_clock::now(), timeout),
      fail(std::errc::timed_out, "'" + std::string(name) + "' was not ready within " + supervisor::to_text(timeout)));
}

stop_outcome process_manager::stop_process(std::string_view name, milliseconds timeout) {
  const auto now = steady_clock::now();
  const auto deadline = policy::after(now, timeout);
  auto stopped = implementation_->stop(std::string(name), now, deadline);
  return wait_for(stopped, deadline + vanishing, implementation::unkillable(std::string(name), timeout));
}

std::vector<stop_outcome> process_manager::stop_all(milliseconds timeout) {
  return implementation_->stop_each(timeout);
}

result<pid_t> process_manager::restart_worker(std::string_view name) {
  const auto& view = implementation_->directory_.find(name);
  const auto patience = view ? view->stop_timeout + view->start_timeout + vanishing : vanishing;
  auto restarted = implementation_->ask<result<pid_t>>(
      [core = &implementation_->core_, name = std::string(name)](auto answer) { core->restart(name, answer); });
  return wait_for<result<pid_t>>(restarted, steady_clock::now() + patience,
                                 fail(std::errc::timed_out, "cannot restart '" + std::string(name) + "'"));
}

worker_status process_manager::get_status(std::string_view name) const {
  const auto view = implementation_->directory_.find(name);
  return view ? supervisor::status_of(*view, steady_clock::now()) : worker_status{};
}

std::vector<worker_status> process_manager::get_all_status() const {
  std::vector<worker_status> all;
  for (const auto& view : implementation_->directory_.all())
    all.push_back(supervisor::status_of(*view, steady_clock::now()));
  return all;
}

std::vector<exit_record> process_manager::exit_records(std::string_view name) const {
  const auto view = implementation_->directory_.find(name);
  return view ? *view->exits : std::vector<exit_record>();
}

std::vector<queue_status> process_manager::get_queues() const {
  return implementation_
      ->ask<std::vector<queue_status>>([core = &implementation_->core_](auto answer) { answer(core->queues()); })
      .get();
}

bool process_manager::forget(std::string_view name) {
  return implementation_
      ->ask<bool>(
          [core = &implementation_->core_, name = std::string(name)](auto answer) { answer(core->forget(name)); })
      .get();
}

}  // namespace lineshaft
