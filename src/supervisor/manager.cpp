#include "supervisor/manager.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "policy/probe_target.hpp"
#include "policy/stop_ladder.hpp"
#include "supervisor/endpoint.hpp"
#include "supervisor/environment.hpp"
#include "supervisor/names.hpp"
#include "supervisor/own_variables.hpp"
#include "supervisor/settings.hpp"

namespace lineshaft {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Twice what a fork server may be silent, and a little: a launch that nothing becomes of is answered before that.
constexpr milliseconds launch_patience = 2 * policy::launch_patience + std::chrono::seconds(10);

}  // namespace

process_manager::implementation::implementation(host& made_from, manager_options options)
    : host_(made_from),
      outputs_(options.log_dir),
      kernel_(loop_, outputs_, options.owns_children),
      thread_([this] { loop_.run(); }) {
  core_.on_change([this] { own_supervisor_.workers_changed(); });
  boost::asio::post(loop_, [this] {
    kernel_.prepare();
    own_supervisor_.begin_beating();
  });
}

process_manager::implementation::~implementation() {
  ask<bool>([this](auto answer) { kernel_.close([answer] { answer(true); }); }).wait_for(2 * policy::vanishing);
  // A loop that is stopped runs nothing more; its objects go after the thread.
  work_.reset();
  loop_.stop();
  thread_.join();
}

result<supervisor::worker_definition> process_manager::implementation::definition(worker_spec spec,
                                                                                  const std::string& pipeline) {
  telemetry_.begin(pipeline, metrics_.source());
  if (auto fits = supervisor::check_name(spec.name); !fits) return std::unexpected(fits.error());
  const auto cannot = "cannot start '" + spec.name + "': ";
  if (spec.class_name.empty()) {
    if (spec.command.empty() || spec.command.front().empty()) return fail(cannot + "a command needs a program to run");
  } else {
    const auto classes = host_.classes();
    const auto found = std::ranges::find(classes, spec.class_name, &worker_class::name);
    if (found == classes.end()) return fail(cannot + "this program has no worker class '" + spec.class_name + "'");
    if (auto fits = found->check(spec.options); !fits) return fail(fits.error().code, cannot + fits.error().doing);
  }
  auto output = outputs_.prepare(spec.name, spec.how.output);
  if (!output) return fail(output.error().code, cannot + output.error().doing);
  spec.how.output = *output;
  if (auto fits = policy::check_ladder(spec.how.stop); !fits)
    return fail(fits.error().code, cannot + fits.error().doing);
  if (auto fits = supervisor::check_listen(spec.how.listen); !fits)
    return fail(fits.error().code, cannot + fits.error().doing);
  auto probe = policy::probe_of(spec.how);
  if (!probe) return fail(probe.error().code, cannot + probe.error().doing);
  auto environment = supervisor::inherited_environment();
  auto settings = supervisor::resolve_settings(spec.how, environment);
  if (!settings) return fail(settings.error().code, cannot + settings.error().doing);
  supervisor::warn_of_own_variables({spec.name, environment, spec.how.env});
  auto context = current_trace_context();
  if (context.empty()) context = started_under_;
  return supervisor::worker_definition{.name = spec.name,
                                       .family = spec.name,
                                       .pipeline = pipeline,
                                       .class_name = spec.class_name,
                                       .options = boost::json::serialize(spec.options),
                                       .argv = std::move(spec.command),
                                       .how = std::move(spec.how),
                                       .inherited_environment = supervisor::share(std::move(environment)),
                                       .probe = std::move(*probe),
                                       .context = std::move(context),
                                       .settings = std::move(*settings)};
}

result<pid_t> process_manager::implementation::start(supervisor::worker_definition worker) {
  const auto name = worker.name;
  // One that waits for others may take as long as they.
  const auto others = worker.how.after.empty() ? milliseconds(0) : worker.how.start_timeout;
  const auto until = policy::after(steady_clock::now(), launch_patience + std::min(others, policy::longest_span));
  auto started = ask<result<pid_t>>(
      [this, worker = std::move(worker)](auto answer) mutable { core_.start(std::move(worker), answer); });
  if (started.wait_until(until) == std::future_status::ready) return started.get();
  // Should the process come after all, it goes again at once.
  stop(name, until, until);
  return fail(std::errc::timed_out,
              "cannot start '" + name + "': " +
                  (others > milliseconds(0) ? "what it waits for did not come" : "the fork server does not answer"));
}

std::future<stop_outcome> process_manager::implementation::stop(std::string name, time_point asked,
                                                                time_point deadline) {
  return ask<stop_outcome>([this, name = std::move(name), asked, deadline](auto answer) {
    core_.stop(name, {asked, deadline, "program"}, answer);
  });
}

std::vector<stop_outcome> process_manager::implementation::stop_all(std::optional<milliseconds> timeout) {
  const auto asked = steady_clock::now();
  std::optional<time_point> deadline;
  if (timeout) deadline = policy::after(asked, *timeout);
  // Always answered: a level that does not vanish is given up.
  auto outcomes = ask<std::vector<stop_outcome>>([this, asked, deadline](auto answer) {
                    core_.stop_all(asked, deadline, "shutdown", answer);
                  }).get();
  flush_output();
  return outcomes;
}

}  // namespace lineshaft
