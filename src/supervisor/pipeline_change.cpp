#include "supervisor/pipeline_change.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "supervisor/names.hpp"

namespace lineshaft::supervisor {
using std::chrono::milliseconds;

pipeline_change::pipeline_change(supervisor& core, change_request wanted, on_done answered)
    : core_(core), wanted_(std::move(wanted)), answered_(std::move(answered)) {}

std::vector<const reload_change*> pipeline_change::all(reload_step step) const {
  std::vector<const reload_change*> found;
  for (const auto& change : wanted_.plan.changes) {
    if (change.step == step) found.push_back(&change);
  }
  return found;
}

worker_definition pipeline_change::definition_of(const std::string& family, const std::string& process) const {
  auto definition = wanted_.members.at(family).model;
  definition.name = process;
  return definition;
}

result<> pipeline_change::check() const {
  if (core_.stops_under_way_ > 0)
    return fail(std::errc::operation_canceled, "cannot reload: everything is being stopped");
  std::set<std::string> leaving;
  for (const auto* change : all(reload_step::stop)) leaving.insert(change->processes.begin(), change->processes.end());
  std::vector<worker_definition> joining;
  for (const auto& [family, member] : wanted_.members) joining.push_back(member.model);
  for (const auto* change : all(reload_step::start)) {
    for (const auto& name : change->processes) {
      if (auto fits = check_name(name); !fits) return fits;
      const auto* known = core_.find(name);
      if (known != nullptr && !known->down() && !leaving.contains(name)) {
        return fail(std::errc::file_exists, "cannot start '" + name + "': the name is in use");
      }
    }
  }
  return core_.rules_.check_change(wanted_.groups, joining, leaving);
}

void pipeline_change::begin() {
  stops_before_ = core_.stops_of_all_;
  core_.change_ = weak_from_this();
  for (const auto step : {reload_step::start, reload_step::replace}) {
    for (const auto* change : all(step)) unfinished_.insert(change->worker);
  }
  core_.rules_.set_groups(wanted_.groups);
  core_.stop_timeout_ = wanted_.stop_timeout;
  for (const auto& change : wanted_.plan.changes) tell(change);
  for (const auto* change : all(reload_step::adopt)) adopt(*change);
  for (const auto& [name, entry] : core_.workers_) entry->regrouped();
  stop_those_that_go();
}

void pipeline_change::overrule() {
  if (!answered_) return;
  for (const auto& family : unfinished_) {
    failed_.try_emplace(family, error{std::make_error_code(std::errc::operation_canceled),
                                      "cannot reload '" + family + "': everything is stopped"});
  }
  std::exchange(answered_, nullptr)(std::move(failed_));
}

void pipeline_change::adopt(const reload_change& change) {
  for (const auto& name : change.processes) {
    auto* entry = core_.find(name);
    if (entry == nullptr) continue;
    core_.rules_.left(*entry);
    entry->adopt(definition_of(change.worker, name));
    core_.rules_.joined(*entry);
  }
  if (const auto known = core_.replicated_.find(change.worker); known != core_.replicated_.end()) {
    known->second.model = wanted_.members.at(change.worker).model;
  }
}

void pipeline_change::stop_those_that_go() {
  std::set<std::string> going;
  for (const auto* change : all(reload_step::stop)) going.insert(change->processes.begin(), change->processes.end());
  auto levels = core_.stop_levels();
  milliseconds budget{};
  for (auto& level : levels) {
    std::erase_if(level, [&](const auto& name) { return !going.contains(name); });
    milliseconds longest{};
    for (const auto& name : level) longest = std::max(longest, core_.find(name)->definition().how.stop_timeout);
    budget += longest;
  }
  std::erase_if(levels, [](const auto& level) { return level.empty(); });
  const auto now = core_.parts_.world.now();
  std::make_shared<stop_sequence>(
      core_.parts_.world, core_.finder(), std::move(levels),
      stop_request{now, policy::after(now, std::min(budget, policy::longest_span)), "reload"},
      [self = shared_from_this()](const auto&) { self->stopped(); })
      ->begin();
}

void pipeline_change::stopped() {
  for (const auto* change : all(reload_step::stop)) {
    for (const auto& name : change->processes) core_.forget(name);
    const auto known = core_.replicated_.find(change->worker);
    if (known == core_.replicated_.end()) continue;
    if (core_.rules_.family(change->worker).empty()) {
      core_.replicated_.erase(known);
    } else {
      known->second.replicas = static_cast<std::uint32_t>(core_.rules_.family(change->worker).size());
    }
  }
  if (overruled()) return;
  // One more, so that it is not over before all have been begun.
  unfinished_.emplace();
  for (const auto* change : all(reload_step::start)) {
    start(*change);
    done(change->worker);
  }
  for (const auto* change : all(reload_step::replace)) replace(*change);
  core_.rules_.set_order(wanted_.order);
  done({});
}

// All of them first, so that none is launched before those that it waits for are known.
void pipeline_change::start(const reload_change& change) {
  auto& replicated = core_.replicated_;
  const auto made = wanted_.members.find(change.worker);
  const auto known = replicated.find(change.worker);
  if (made != wanted_.members.end() && made->second.replicas && known == replicated.end()) {
    replicated.insert_or_assign(change.worker, made->second);
  } else if (known != replicated.end()) {
    known->second.replicas = *known->second.replicas + static_cast<std::uint32_t>(change.processes.size());
  }
  for (const auto& name : change.processes) {
    auto definition = made != wanted_.members.end() ? made->second.model : known->second.model;
    definition.name = name;
    // One that was killed and has not vanished yet is still there.
    if (core_.find(name) != nullptr && !core_.forget(name)) {
      failed_.emplace(change.worker, error{{}, "cannot start '" + name + "': its last process is still there"});
      continue;
    }
    auto& entry = core_.add(std::move(definition));
    core_.parts_.world.later([self = shared_from_this(), name = entry.name()] {
      auto* added = self->core_.find(name);
      if (added != nullptr && !added->life().told_to_stop() && !self->overruled()) added->start([](const auto&) {});
    });
  }
}

// What was told to stop stays so, and is the new one when it is started. What has failed or completed is started: it
// is another one now.
void pipeline_change::replace(const reload_change& change) {
  std::vector<std::string> at_work;
  for (const auto& name : change.processes) {
    auto* entry = core_.find(name);
    if (entry == nullptr) continue;
    if (entry->held()) {
      core_.redefine_next(*entry, definition_of(change.worker, name));
    } else if (!entry->down()) {
      at_work.push_back(name);
    } else {
      const bool stays = entry->life().told_to_stop();
      core_.rules_.left(*entry);
      entry->redefine(definition_of(change.worker, name));
      core_.rules_.joined(*entry);
      if (!stays) entry->start([](const auto&) {});
    }
  }
  auto& model = wanted_.members.at(change.worker).model;
  if (const auto known = core_.replicated_.find(change.worker); known != core_.replicated_.end()) {
    std::swap(known->second.model, model);
  }
  auto changed = core_.replicated_.contains(change.worker) ? core_.replicated_.at(change.worker).model : model;
  core_.roll(std::move(at_work), std::move(changed), "reload",
             [self = shared_from_this(), family = change.worker](const result<>& one) { self->replaced(family, one); });
}

void pipeline_change::replaced(const std::string& family, const result<>& outcome) {
  if (!outcome) {
    failed_.emplace(family, outcome.error());
    const auto known = core_.replicated_.find(family);
    if (known != core_.replicated_.end()) known->second.model = wanted_.members.at(family).model;
  }
  done(family);
}

void pipeline_change::done(const std::string& family) {
  unfinished_.erase(unfinished_.find(family));
  if (unfinished_.empty() && answered_) std::exchange(answered_, nullptr)(std::move(failed_));
}

void pipeline_change::tell(const reload_change& change) {
  core_.parts_.events.tell({.monotonic = core_.parts_.world.now(),
                            .worker = change.worker,
                            .kind = event_kind::reloaded,
                            .cause = std::string(to_string(change.step)) + ": " + change.why});
}

}  // namespace lineshaft::supervisor
