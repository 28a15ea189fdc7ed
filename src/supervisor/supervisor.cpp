#include "supervisor/supervisor.hpp"

#include <algorithm>
#include <format>
#include <set>

#include "base/names.hpp"
#include "supervisor/names.hpp"
#include "supervisor/pipeline_change.hpp"

namespace lineshaft::supervisor {
namespace {

using std::chrono::milliseconds;

worker_definition replica_of(const worker_definition& model, std::uint32_t number) {
  auto replica = model;
  replica.name = replica_name(model.family, number);
  return replica;
}

/// Answers once the last of several has: with the first error, if there was one.
supervisor::on_done after_all(std::size_t count, supervisor::on_done answered) {
  auto left = std::make_shared<std::size_t>(count);
  auto outcome = std::make_shared<result<>>();
  return [left, outcome, answered = std::move(answered)](const result<>& one) {
    if (!one && *outcome) *outcome = one;
    if (--*left == 0) answered(*outcome);
  };
}

}  // namespace

void bound_times(start_options& how) {
  how.stop_timeout = std::min(how.stop_timeout, policy::longest_span);
  how.start_timeout = std::min(how.start_timeout, policy::longest_span);
}

supervisor::supervisor(kernel& world, directory& directory, event_log& events)
    : rules_(world, [this](const std::string& why) { essential_failed(why); }),
      parts_{world, directory, events, queues_, sockets_, *this} {
  world.on_stops([this] {
    for (const auto& [name, worker] : workers_) worker->look_for_stop();
  });
}

// Starting ------------------------------------------------------------------------------------------------

void supervisor::start(worker_definition definition, worker_entry::on_started answered) {
  if (auto fits = check_name(definition.name); !fits) return answered(std::unexpected(fits.error()));
  const auto* known = find(definition.name);
  if (known != nullptr && !known->down()) {
    return answered(fail(std::errc::file_exists, "cannot start '" + definition.name + "': the name is in use"));
  }
  if (auto fits = rules_.check(std::span(&definition, 1)); !fits) return answered(std::unexpected(fits.error()));
  const auto name = definition.name;
  start_entry(std::move(definition), [this, name, answered = std::move(answered)](result<pid_t> started) {
    // A first start that failed leaves no record behind, and no process to come.
    auto* failed = started ? nullptr : find(name);
    const auto now = parts_.world.now();
    if (failed != nullptr && failed->held()) failed->stop({now, now}, [](const auto&) {});
    if (failed != nullptr && !failed->has_past()) forget(name);
    answered(std::move(started));
  });
}

void supervisor::start_entry(worker_definition definition, worker_entry::on_started answered) {
  bound_times(definition.how);
  auto* entry = find(definition.name);
  if (entry == nullptr) {
    entry = &add(std::move(definition));
  } else {
    rules_.left(*entry);
    entry->redefine(std::move(definition));
    rules_.joined(*entry);
  }
  entry->start(std::move(answered));
}

worker_entry& supervisor::add(worker_definition definition) {
  auto made = std::make_unique<worker_entry>(parts_, std::move(definition));
  auto& entry = *workers_.emplace(made->name(), std::move(made)).first->second;
  rules_.joined(entry);
  return entry;
}

result<> supervisor::start_pipeline(std::vector<group_spec> groups, std::vector<pipeline_member> members,
                                    milliseconds stop_timeout) {
  std::vector<worker_definition> all;
  for (const auto& member : members) {
    if (!member.replicas) all.push_back(member.model);
    for (std::uint32_t number = 0; number < member.replicas.value_or(0); ++number) {
      all.push_back(replica_of(member.model, number));
    }
  }
  std::set<std::string_view> names;
  for (const auto& worker : all) {
    if (auto fits = check_name(worker.name); !fits) return fits;
    const auto* known = find(worker.name);
    if (!names.insert(worker.name).second || (known != nullptr && !known->down())) {
      return fail(std::errc::file_exists, "cannot start '" + worker.name + "': the name is in use");
    }
  }
  if (auto fits = rules_.check(all, groups); !fits) return fits;
  // From here on nothing is refused: what runs already is touched by nothing before.
  rules_.set_groups(groups);
  failure_.reset();
  stopped_for_failure_ = false;
  stop_timeout_ = std::min(stop_timeout, policy::longest_span);
  for (auto& member : members) {
    if (member.replicas) replicated_.insert_or_assign(member.model.family, std::move(member));
  }
  // All of them first, so that none is launched before those that it waits for are known.
  for (auto& worker : all) {
    bound_times(worker.how);
    forget(worker.name);
    add(worker);
  }
  for (const auto& worker : all) find(worker.name)->start([](const auto&) {});
  return {};
}

// Stopping ------------------------------------------------------------------------------------------------

void supervisor::stop(const std::string& name, stop_request request, worker_entry::on_stopped answered) {
  auto* entry = find(name);
  if (entry == nullptr) return answered({.name = name, .how = stop_outcome::not_running});
  entry->stop(request, std::move(answered));
}

void supervisor::stop_all(policy::time_point asked, std::optional<policy::time_point> deadline, std::string by,
                          on_all_stopped answered) {
  ++stops_of_all_;
  ++stops_under_way_;
  if (const auto change = change_.lock()) change->overrule();
  const auto budget = stop_timeout_ ? *stop_timeout_ : plan_stop().total;
  const auto until = deadline.value_or(policy::after(asked, budget));
  std::make_shared<stop_sequence>(parts_.world, finder(), stop_levels(), stop_request{asked, until, std::move(by)},
                                  [this, answered = std::move(answered)](std::vector<stop_outcome> outcomes) {
                                    --stops_under_way_;
                                    answered(std::move(outcomes));
                                  })
      ->begin();
}

void supervisor::stop_some(std::vector<std::string> names, policy::time_point asked,
                           std::optional<policy::time_point> deadline, std::string by, on_all_stopped answered) {
  std::ranges::sort(names);
  auto levels = stop_levels();
  for (auto& level : levels)
    std::erase_if(level, [&](const std::string& name) { return !std::ranges::binary_search(names, name); });
  std::erase_if(levels, [](const auto& level) { return level.empty(); });
  const auto until = deadline.value_or(policy::after(asked, milliseconds::max()));
  std::make_shared<stop_sequence>(
      parts_.world, finder(), std::move(levels), stop_request{asked, until, std::move(by)}, std::move(answered),
      deadline ? stop_sequence::each_has::the_time_of_its_level : stop_sequence::each_has::its_own_time)
      ->begin();
}

stop_plan supervisor::plan_stop() const {
  stop_plan plan;
  for (const auto& level : rules_.stop_levels()) {
    milliseconds longest{};
    for (const auto* worker : level) {
      const auto most = worker->definition().how.stop_timeout;
      plan.workers.push_back({worker->name(), plan.total, most});
      longest = std::max(longest, most);
    }
    plan.total += longest;
  }
  return plan;
}

std::vector<std::vector<std::string>> supervisor::stop_levels() const {
  std::vector<std::vector<std::string>> names;
  for (const auto& level : rules_.stop_levels()) {
    auto& of_level = names.emplace_back();
    for (const auto* worker : level) of_level.push_back(worker->name());
  }
  return names;
}

// The end of a pipeline -----------------------------------------------------------------------------------

void supervisor::essential_failed(const std::string& why) {
  if (failure_) return;
  failure_ = why;
  stopping_for_failure_ = true;
  const auto now = parts_.world.now();
  // Later: the one that failed has not finished with its end.
  parts_.world.later([this, now] {
    stop_all(now, std::nullopt, "shutdown", [this](const auto&) {
      stopping_for_failure_ = false;
      stopped_for_failure_ = true;
      look_for_the_end();
    });
  });
}

void supervisor::changed(worker_entry&) {
  rules_.changed();
  if (on_change_) on_change_();
  if (!end_waiters_.empty()) parts_.world.later([this] { look_for_the_end(); });
}

void supervisor::wait_end(on_end answered) {
  end_waiters_.push_back(std::move(answered));
  look_for_the_end();
}

void supervisor::look_for_the_end() {
  if (stopping_for_failure_) return;
  // A process that nothing ends does not hide that everything else was ended.
  const bool over =
      stopped_for_failure_ || std::ranges::all_of(workers_, [](const auto& worker) { return worker.second->down(); });
  if (!over) return;
  const auto how = failure_ ? pipeline_end::failed : pipeline_end::ended;
  for (const auto& answered : std::exchange(end_waiters_, {})) answered(how);
}

// The others ----------------------------------------------------------------------------------------------

void supervisor::start_again(const std::string& name, worker_entry::on_started answered) {
  auto* entry = find(name);
  if (entry == nullptr) return answered(fail("cannot start '" + name + "': there is no such worker"));
  entry->start(std::move(answered));
}

result<> supervisor::signal(const std::string& name, int number, std::string by) {
  auto* entry = find(name);
  if (entry == nullptr) return fail("cannot signal '" + name + "': there is no such worker");
  return entry->signal(number, std::move(by));
}

void supervisor::restart(const std::string& name, std::string by, worker_entry::on_started answered) {
  auto* entry = find(name);
  if (entry == nullptr) return answered(fail("cannot restart '" + name + "': there is no such worker"));
  entry->restart(restart_cause::asked, std::move(answered), std::move(by));
}

void supervisor::restart_rolling(const std::string& family, std::optional<worker_definition> changed, std::string by,
                                 on_done answered) {
  std::vector<std::string> replicas;
  for (const auto* worker : rules_.family(family)) replicas.push_back(worker->name());
  if (replicas.empty()) return answered(fail("cannot restart '" + family + "': there is no such worker"));
  if (changed) bound_times(changed->how);
  if (const auto known = replicated_.find(family); changed && known != replicated_.end()) {
    // What later replicas will be; a rolling restart that fails leaves it as it was.
    answered = [this, family, changed, answered = std::move(answered)](result<> done) {
      if (const auto of = replicated_.find(family); done && of != replicated_.end()) of->second.model = *changed;
      answered(std::move(done));
    };
  }
  roll(std::move(replicas), std::move(changed), std::move(by), std::move(answered));
}

void supervisor::roll(std::vector<std::string> replicas, std::optional<worker_definition> changed, std::string by,
                      on_done answered) {
  rolling_restart::definitions before;
  for (const auto& name : replicas) {
    auto* entry = changed ? find(name) : nullptr;
    if (entry == nullptr) continue;
    before.emplace(name, entry->definition());
    stand_with(*entry, *changed, {});
  }
  const auto redefine = [this](worker_entry& entry, worker_definition as) { redefine_next(entry, std::move(as)); };
  const auto overruled = [this, before = stops_of_all_] { return stops_of_all_ != before; };
  std::make_shared<rolling_restart>(finder(), redefine, overruled, std::move(replicas), std::move(changed),
                                    std::move(before), std::move(by), std::move(answered))
      ->begin();
}

void supervisor::redefine_next(worker_entry& entry, worker_definition definition) {
  const auto as = definition;
  stand_with(entry, as, std::move(definition));
}

// The others look at it by its present definition.
void supervisor::stand_with(worker_entry& entry, const worker_definition& as, std::optional<worker_definition> next) {
  auto between = entry.definition();
  between.how.after = as.how.after;
  between.how.group = as.how.group;
  between.how.essential = as.how.essential;
  rules_.left(entry);
  entry.adopt(std::move(between), std::move(next));
  rules_.joined(entry);
}

void supervisor::scale(const std::string& family, std::uint32_t replicas, std::string by, on_done answered) {
  const auto known = replicated_.find(family);
  if (known == replicated_.end()) {
    return answered(fail("cannot scale '" + family + "': there is no worker of that name with replicas"));
  }
  auto& member = known->second;
  const auto before = *std::exchange(member.replicas, replicas);
  if (before == replicas) return answered({});
  parts_.events.tell({.monotonic = parts_.world.now(),
                      .worker = family,
                      .kind = event_kind::scaled,
                      .cause = std::format("{} → {}", before, replicas)});
  if (replicas < before) return scale_down(family, before, replicas, by, std::move(answered));
  const auto done = after_all(replicas - before, std::move(answered));
  for (auto number = before; number < replicas; ++number) {
    const auto started = [done](const result<pid_t>& one) { done(one ? result<>() : std::unexpected(one.error())); };
    // One that is still on its way out from an earlier scaling comes back.
    if (auto* leaving = find(replica_name(family, number)); leaving != nullptr && !leaving->down()) {
      leaving->start(started);
    } else {
      start_entry(replica_of(member.model, number), started);
    }
  }
}

void supervisor::scale_down(const std::string& family, std::uint32_t from, std::uint32_t to, const std::string& by,
                            on_done answered) {
  const auto done = after_all(from - to, std::move(answered));
  const auto now = parts_.world.now();
  for (auto number = to; number < from; ++number) {
    const auto name = replica_name(family, number);
    auto* entry = find(name);
    if (entry == nullptr) {
      done({});
      continue;
    }
    const auto deadline = policy::after(now, entry->definition().how.stop_timeout);
    entry->stop({now, deadline, by}, [this, name, done](const auto&) {
      // Later: it has not finished with its end. Only if it has not come back meanwhile.
      parts_.world.later([this, name] { forget(name); });
      done({});
    });
  }
}

void supervisor::wait_ready(const std::string& name, std::optional<policy::time_point> until,
                            worker_entry::on_ready answered) {
  auto* entry = find(name);
  if (entry == nullptr) return answered(fail("cannot wait for '" + name + "': there is no such worker"));
  entry->wait_ready(until, std::move(answered));
}

std::map<std::string, std::uint32_t> supervisor::replica_counts() const {
  std::map<std::string, std::uint32_t> counts;
  for (const auto& [name, member] : replicated_) counts.emplace(name, *member.replicas);
  return counts;
}

bool supervisor::forget(const std::string& name) {
  auto* entry = find(name);
  if (entry == nullptr || !entry->down()) return false;
  rules_.left(*entry);
  parts_.published.remove(name);
  workers_.erase(name);  // last: the name may be its own
  return true;
}

worker_entry* supervisor::find(const std::string& name) const {
  const auto found = workers_.find(name);
  return found == workers_.end() ? nullptr : found->second.get();
}

stop_sequence::find_worker supervisor::finder() const {
  return [this](const std::string& name) { return find(name); };
}

}  // namespace lineshaft::supervisor
