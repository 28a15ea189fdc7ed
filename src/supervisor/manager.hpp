#pragma once
// What a process_manager consists of: the supervisor, and the thread on which it runs.
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "lineshaft/process_manager.hpp"
#include "supervisor/environment.hpp"
#include "supervisor/linux_kernel.hpp"
#include "supervisor/manager_readings.hpp"
#include "supervisor/own_supervisor.hpp"
#include "supervisor/pipeline_change.hpp"
#include "supervisor/supervisor.hpp"
#include "supervisor/telemetry_session.hpp"
#include "telemetry/environment.hpp"

namespace lineshaft {

class process_manager::implementation {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  implementation(host& made_from, manager_options options);
  ~implementation();

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

  /// Runs `what(supervisor)` on the supervisor's thread.
  template <class What>
  void post(What what) {
    boost::asio::post(loop_, [this, what = std::move(what)] { what(core_); });
  }

  /// Checked against the classes of this program. A worker of the pipeline that runs, or of another one.
  result<supervisor::worker_definition> definition(worker_spec spec) {
    return definition(std::move(spec), pipeline_name());
  }
  result<supervisor::worker_definition> definition(worker_spec spec, const std::string& pipeline);
  std::string pipeline_name() {
    const std::scoped_lock lock(spec_mutex_);
    return name_;
  }
  result<pid_t> start(supervisor::worker_definition worker);
  std::future<stop_outcome> stop(std::string name, time_point asked, time_point deadline);
  /// What `changed` would do, ready to be done.
  result<supervisor::change_request> plan_change(pipeline_spec changed);
  /// Under one deadline; without: the worst case of the plan.
  std::vector<stop_outcome> stop_all(std::optional<std::chrono::milliseconds> timeout);

  /// What was printed is in its files when a stop returns, unless a disk does not answer.
  void flush_output() { outputs_.flush(std::chrono::steady_clock::now() + std::chrono::seconds(1)); }

  host& host_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  output::outputs outputs_;
  supervisor::linux_kernel kernel_;
  supervisor::directory directory_;
  std::shared_ptr<supervisor::event_log> events_ = std::make_shared<supervisor::event_log>();
  supervisor::supervisor core_{kernel_, directory_, *events_};
  supervisor::own_supervisor own_supervisor_{loop_, directory_,
                                             supervisor::contact_in(supervisor::inherited_environment(), ::getpid())};
  supervisor::manager_readings metrics_{loop_, directory_, core_, *events_};
  supervisor::telemetry_session telemetry_;
  const trace_context started_under_ = telemetry::started_under();  ///< the caller's, where none is current
  std::mutex one_reload_;
  std::mutex spec_mutex_;                          ///< for these two
  std::string name_ = supervisor::program_name();  ///< the pipeline's, once there is one
  std::optional<pipeline_spec> spec_;              ///< of the pipeline that runs
  std::thread thread_;
};

/// The answer, or `otherwise` if it does not come until then.
template <class T>
T wait_for(std::future<T>& answer, std::chrono::steady_clock::time_point until, T otherwise) {
  return answer.wait_until(until) == std::future_status::ready ? answer.get() : std::move(otherwise);
}

}  // namespace lineshaft
