#include "lineshaft/reload.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>

#include "lineshaft/process_manager.hpp"
#include "policy/reload_diff.hpp"
#include "supervisor/manager.hpp"

namespace lineshaft {
namespace json = boost::json;

std::string_view to_string(reload_step step) {
  switch (step) {
    case reload_step::stop: return "stop";
    case reload_step::start: return "start";
    case reload_step::replace: return "replace";
    case reload_step::adopt: return "adopt";
  }
  return "unknown";
}

json::object to_json(const reload_plan& plan) {
  json::array changes;
  for (const auto& change : plan.changes) {
    changes.push_back({{"step", to_string(change.step)},
                       {"worker", change.worker},
                       {"processes", json::value_from(change.processes)},
                       {"why", change.why}});
  }
  return {{"changes", std::move(changes)},
          {"settings", json::value_from(plan.settings)},
          {"later", json::value_from(plan.later)}};
}

result<supervisor::change_request> process_manager::implementation::plan_change(pipeline_spec changed) {
  std::optional<pipeline_spec> before;
  {
    const std::scoped_lock lock(spec_mutex_);
    before = spec_;
  }
  if (!before) return fail("cannot reload: no pipeline has been started");
  const auto running = ask<policy::replica_counts>([this](auto answer) { answer(core_.replica_counts()); }).get();
  supervisor::change_request wanted{.plan = policy::plan_reload(*before, changed, running),
                                    .groups = changed.groups,
                                    .order = {},
                                    .members = {},
                                    .stop_timeout = std::min(changed.stop_timeout, policy::longest_span)};
  for (auto& worker : changed.workers) {
    wanted.order.push_back(worker.name);
    worker.how.env.insert(changed.env.begin(), changed.env.end());
    // All of them, so that what is wrong with one is said even if it is not to be touched.
    const auto replicas = worker.replicas;
    auto made = definition(worker);
    if (!made) return std::unexpected(made.error());
    supervisor::bound_times(made->how);
    wanted.members.emplace(worker.name, supervisor::pipeline_member{std::move(*made), replicas});
  }
  return wanted;
}

result<reload_plan> process_manager::plan_reload(pipeline_spec changed) const {
  auto wanted = implementation_->plan_change(std::move(changed));
  if (!wanted) return std::unexpected(wanted.error());
  auto plan = wanted->plan;
  auto possible = implementation_
                      ->ask<result<>>([core = &implementation_->core_, wanted = std::move(*wanted)](auto answer) {
                        answer(supervisor::pipeline_change(*core, wanted, {}).check());
                      })
                      .get();
  if (!possible) return std::unexpected(possible.error());
  return plan;
}

result<reload_plan> process_manager::reload(pipeline_spec changed) {
  const std::unique_lock only(implementation_->one_reload_, std::try_to_lock);
  if (!only) return fail(std::errc::device_or_resource_busy, "cannot reload: another reload is under way");
  auto wanted = implementation_->plan_change(changed);
  if (!wanted) return std::unexpected(wanted.error());
  auto plan = wanted->plan;
  using outcome = result<supervisor::not_replaced>;
  auto done =
      implementation_
          ->ask<outcome>([core = &implementation_->core_, wanted = std::move(*wanted)](auto answer) mutable {
            auto change = std::make_shared<supervisor::pipeline_change>(
                *core, std::move(wanted), [answer](supervisor::not_replaced failed) { answer(std::move(failed)); });
            if (auto possible = change->check(); !possible) return answer(std::unexpected(possible.error()));
            change->begin();
          })
          .get();
  if (!done) return std::unexpected(done.error());
  const std::scoped_lock lock(implementation_->spec_mutex_);
  auto& spec = implementation_->spec_;
  for (const auto& [family, why] : *done) {
    // The next reload has to find that it is not what it should be.
    const auto was = std::ranges::find(spec->workers, family, &worker_spec::name);
    const auto is = std::ranges::find(changed.workers, family, &worker_spec::name);
    if (was == spec->workers.end()) {
      changed.workers.erase(is);
    } else {
      *is = *was;
    }
  }
  // What this manager does not take over is told again by each reload.
  changed.name = spec->name;
  spec = std::move(changed);
  if (done->empty()) return plan;
  auto why = done->begin()->second;
  if (done->size() > 1) why.doing += " (and " + std::to_string(done->size() - 1) + " more)";
  return std::unexpected(std::move(why));
}

}  // namespace lineshaft
