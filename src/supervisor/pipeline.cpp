#include "lineshaft/pipeline.hpp"

#include "lineshaft/process_manager.hpp"
#include "supervisor/manager.hpp"

namespace lineshaft {
using std::chrono::milliseconds;
using std::chrono::steady_clock;

result<> process_manager::start_pipeline(pipeline_spec spec) {
  std::vector<supervisor::pipeline_member> members;
  for (auto worker : spec.workers) {
    worker.how.env.insert(spec.env.begin(), spec.env.end());
    const auto replicas = worker.replicas;
    auto made = implementation_->definition(std::move(worker), spec.name);
    if (!made) return std::unexpected(made.error());
    members.push_back({std::move(*made), replicas});
  }
  auto accepted = implementation_
                      ->ask<result<>>([core = &implementation_->core_, groups = spec.groups,
                                       members = std::move(members), timeout = spec.stop_timeout](auto answer) mutable {
                        answer(core->start_pipeline(std::move(groups), std::move(members), timeout));
                      })
                      .get();
  if (!accepted) return accepted;
  const std::scoped_lock lock(implementation_->spec_mutex_);
  implementation_->name_ = spec.name;
  implementation_->spec_ = std::move(spec);
  return {};
}

pipeline_end process_manager::wait_end(milliseconds timeout) {
  auto end =
      implementation_->ask<pipeline_end>([core = &implementation_->core_](auto answer) { core->wait_end(answer); });
  return wait_for(end, policy::after(steady_clock::now(), timeout), pipeline_end::running);
}

result<> process_manager::scale(std::string_view name, std::uint32_t replicas) {
  return implementation_
      ->ask<result<>>([core = &implementation_->core_, name = std::string(name), replicas](auto answer) {
        core->scale(name, replicas, "program", answer);
      })
      .get();
}

result<> process_manager::restart_rolling(std::string_view name, std::optional<worker_spec> changed) {
  std::optional<supervisor::worker_definition> definition;
  if (changed) {
    changed->name = name;
    auto made = implementation_->definition(std::move(*changed));
    if (!made) return std::unexpected(made.error());
    definition = std::move(*made);
  }
  return implementation_
      ->ask<result<>>([core = &implementation_->core_, name = std::string(name),
                       definition = std::move(definition)](auto answer) mutable {
        core->restart_rolling(name, std::move(definition), "program", answer);
      })
      .get();
}

stop_plan process_manager::plan_stop() const {
  return implementation_->ask<stop_plan>([core = &implementation_->core_](auto answer) { answer(core->plan_stop()); })
      .get();
}

// Events --------------------------------------------------------------------------------------------------

class subscription::implementation {
 public:
  implementation(std::shared_ptr<supervisor::event_log> log, std::function<void(const event&)> take,
                 std::size_t capacity)
      : log_(std::move(log)), feed_(std::move(take), capacity) {
    log_->add(feed_);
  }
  ~implementation() { log_->remove(feed_); }

 private:
  std::shared_ptr<supervisor::event_log> log_;
  supervisor::event_feed feed_;
};

subscription::subscription(std::unique_ptr<implementation> made) : implementation_(std::move(made)) {}
subscription::subscription(subscription&&) noexcept = default;
subscription& subscription::operator=(subscription&&) noexcept = default;
subscription::~subscription() = default;

subscription process_manager::subscribe(std::function<void(const event&)> take, std::size_t capacity) {
  return subscription(
      std::make_unique<subscription::implementation>(implementation_->events_, std::move(take), capacity));
}

}  // namespace lineshaft
