#include "simulation/rules.hpp"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <format>
#include <ranges>

namespace simulation {
using namespace std::chrono_literals;

void rules::declared(const supervisor::pipeline_member& member) {
  families_.insert_or_assign(member.model.family, member);
  variants_[member.model.family].push_back(member.model.how);
}

void rules::commanded(const std::string& name) {
  auto& past = past_[name];
  past.commanded = true;
  past.in_a_row.reset();
  past.restarts.clear();
}

void rules::commanded_all() {
  for (auto& [name, past] : past_) commanded(name);
}

void rules::rolled(const std::string& name) {
  commanded(name);
  past_[name].rolling = true;
}

void rules::rearranged(const std::string& family) {
  const auto* member = member_of(family);
  if (member != nullptr) rearranged_.insert(member->model.how.group);
}

void rules::broke(const std::string& what) {
  const auto since = std::chrono::duration_cast<milliseconds>(world_.now() - time_point(std::chrono::hours(1)));
  broken.push_back(std::format("{:>7} ms  {}", since.count(), what));
}

const supervisor::pipeline_member* rules::member_of(const std::string& name) const {
  const auto found = families_.find(name.substr(0, name.find('-')));
  return found == families_.end() ? nullptr : &found->second;
}

std::shared_ptr<truth> rules::last_of(const std::string& name) const {
  const auto& all = world_.processes();
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const auto& one) { return one->name == name; });
  return found == all.rend() ? nullptr : *found;
}

// Before a process is launched ------------------------------------------------------------------------------

void rules::launched(const channel::launch_request& request) {
  const auto& name = request.image.name;
  const auto* member = member_of(name);
  if (member == nullptr) return broke("launched what nobody declared: " + name);
  check_alone(name);
  check_dependencies(*member, name);
  fresh_.push_back({name, world_.now(), last_of(name)});
}

void rules::check_alone(const std::string& name) {
  for (const auto& one : world_.processes()) {
    if (one->name == name && !one->ended) broke("two processes of one name: " + name);
  }
}

void rules::check_dependencies(const supervisor::pipeline_member& member, const std::string& name) {
  const auto fulfilled = [this](const start_options& how) {
    return std::ranges::all_of(how.after, [this](const auto& one) { return holds(one); });
  };
  if (!std::ranges::any_of(variants_[member.model.family], fulfilled))
    broke(std::format("{} started before what it waits for", name));
}

bool rules::holds(const dependency& one) const {
  bool any = false;
  for (const auto& view : directory_.all()) {
    const auto& name = view->known.name;
    if (name.substr(0, name.find('-')) != one.on) continue;
    any = true;
    if (view->known.state == worker_state::completed) continue;
    const auto process = last_of(name);
    const bool alive = process && process->pid != 0 && !process->ended;
    const bool fine = one.when == start_condition::started ? alive
                      : one.when == start_condition::ready ? alive && process->ready
                                                           : false;
    if (!fine) return false;
  }
  return any;
}

// When an event is told ---------------------------------------------------------------------------------------

void rules::told(const event& what) {
  const auto view = directory_.find(what.worker);
  if (!view) return;
  const auto& known = view->known;
  const auto last_exit = view->exits.empty() ? nullptr : view->exits.back();
  if (what.kind == event_kind::exited && last_exit) ++recorded_[last_exit->pid];
  const auto is = [&](worker_state state) { return known.state == state; };
  const auto fits = [&] {
    switch (what.kind) {
      case event_kind::starting:
      case event_kind::started: return is(worker_state::starting);
      case event_kind::ready: return known.ready;
      case event_kind::unready: return !known.ready;
      case event_kind::stopping: return is(worker_state::stopping);
      case event_kind::backoff: return is(worker_state::backoff);
      case event_kind::stopped: return is(worker_state::stopped);
      case event_kind::completed: return is(worker_state::completed);
      case event_kind::failed: return is(worker_state::failed);
      case event_kind::exited: return !known.alive && last_exit && last_exit->generation == what.generation;
      default: return true;
    }
  };
  if (!fits())
    broke(std::format("{}: told '{}' while its status says {}", what.worker, to_string(what.kind),
                      to_string(known.state)));
}

// After a step ----------------------------------------------------------------------------------------------

void rules::look() {
  essential_failed_ = essential_failed_ || something_essential_failed();
  for (const auto& one : std::exchange(fresh_, {})) check_restart(one);
  for (const auto& view : directory_.all()) {
    const auto& known = view->known;
    const auto process = last_of(known.name);
    if (known.alive && (!process || process->ended)) broke(known.name + " is said to be alive, and is not");
    if (known.ready && (!process || !process->ready)) broke(known.name + " is said to be ready, and is not");
    past_.try_emplace(known.name);
    const auto group = groups_.find(member_of(known.name)->model.how.group);
    const bool alone = group == groups_.end() || group->second.strategy == group_strategy::one_for_one;
    if (alone && known.restarts_by.group > 0) broke(known.name + " was restarted with a group that it has not");
  }
}

void rules::check_restart(const launch& one) {
  const auto view = directory_.find(one.name);
  if (!view) return;
  auto& past = past_[one.name];
  const auto before = std::exchange(past.counts, view->known.restarts_by);
  const auto& now = past.counts;
  const bool by_policy = now.crash > before.crash || now.completion > before.completion;
  const bool told_by_others = now.group > before.group || now.recycle > before.recycle || now.asked > before.asked;
  const bool commanded = std::exchange(past.commanded, false);
  if (commanded || past.rolling || reloaded_ || !by_policy || told_by_others || !one.before) {
    past.in_a_row.reset();
    past.restarts.clear();
    // The first process of a name begins from nothing.
    if (!one.before) past.in_a_row = 0;
    return;
  }
  const auto& how = member_of(one.name)->model.how;
  check_delay(how, past, one);
  check_limit(how, past, one);
  check_group(how, one);
}

// Those that stand and fall with one that died have all gone before it is there again.
void rules::check_group(const start_options& how, const launch& one) {
  const auto group = groups_.find(how.group);
  // Then everything is told to stop, level by level.
  if (group == groups_.end() || essential_failed_) return;
  for (const auto& other : world_.processes()) {
    // One that was just being made is as new as one can be.
    const bool lived_then = other->exists_since < one.before->ended_at && !other->ended;
    if (!lived_then || !falls_with(other->name, group->second, one)) continue;
    // A command that came meanwhile has its own reasons.
    if (past_[other->name].commanded || past_[other->name].rolling) continue;
    broke(std::format("{} was started again while {}, which falls with it, was still there", one.name, other->name));
  }
}

bool rules::something_essential_failed() const {
  return std::ranges::any_of(directory_.all(), [this](const auto& view) {
    const auto& how = member_of(view->known.name)->model.how;
    const auto group = groups_.find(how.group);
    return view->known.state == worker_state::failed &&
           (how.essential || (group != groups_.end() && group->second.essential));
  });
}

bool rules::falls_with(const std::string& name, const group_spec& group, const launch& died) const {
  const auto* member = member_of(name);
  if (member == nullptr || member->model.how.group != group.name || name == died.name) return false;
  if (group.strategy == group_strategy::one_for_all) return true;
  return group.strategy == group_strategy::rest_for_one && !rearranged_.contains(group.name) && name > died.name;
}

void rules::check_delay(const start_options& how, history& past, const launch& one) {
  const auto& policy = how.restart;
  const auto& before = *one.before;
  const bool healthy = before.pid != 0 && before.ready_at != time_point{};
  if (healthy && before.ended_at - before.ready_at >= policy.forgive_after) past.in_a_row = 0;
  const auto waited = one.when - before.ended_at;
  const auto grown = [&](std::uint32_t times) {
    const auto delay = static_cast<double>(policy.delay.count()) * std::pow(policy.factor, times);
    return std::min(delay, static_cast<double>(policy.max_delay.count()));
  };
  const auto least = milliseconds(std::llround(grown(past.in_a_row.value_or(0)) * (1 - policy.jitter)) - 1);
  const auto most = milliseconds(std::llround(grown(past.in_a_row.value_or(30)) * (1 + policy.jitter)) + 1);
  if (waited < least) broke(std::format("{} was started again too early", one.name));
  const bool waits_for_others = !how.after.empty() || !how.group.empty();
  if (waited > most && !waits_for_others) broke(std::format("{} was started again too late", one.name));
  if (past.in_a_row) ++*past.in_a_row;
}

void rules::check_limit(const start_options& how, history& past, const launch& one) {
  if (!how.restart.limit) return;
  // Counted from death to death: the next process may have to wait for others.
  const auto died = one.before->ended_at;
  past.restarts.push_back(died);
  std::erase_if(past.restarts, [&](time_point then) { return died - then >= how.restart.limit->window; });
  if (past.restarts.size() > how.restart.limit->count) broke(one.name + " was started again beyond its limit");
}

void rules::look_at_the_end() {
  for (const auto& one : world_.processes()) {
    if (!one->ended) broke(std::format("left behind: {} {}", one->name, one->generation));
  }
  for (const auto& view : directory_.all()) {
    const auto state = view->known.state;
    if (state != worker_state::stopped && state != worker_state::completed && state != worker_state::failed) {
      broke(std::format("{} is {} at the end", view->known.name, to_string(state)));
    }
    // The record of the last process stays, and those before it as far as they are kept.
    std::vector<pid_t> ended;
    for (const auto& one : world_.processes())
      if (one->name == view->known.name && one->pid != 0) ended.push_back(one->pid);
    const auto& kept = view->exits;
    const auto first = ended.size() - std::min(ended.size(), kept.size());
    const auto pid_of = [](const auto& record) { return record->pid; };
    if (!std::ranges::equal(kept, ended | std::views::drop(first), {}, pid_of))
      broke(std::format("the records of {} are not those of its last processes", view->known.name));
  }
  for (const auto& one : world_.processes()) {
    if (one->pid == 0 || recorded_[one->pid] == 1) continue;
    broke(std::format("the exit of {} {} was recorded {} times", one->name, one->generation, recorded_[one->pid]));
  }
  for (const auto& one : world_.processes()) check_signals(*one);
}

// A program hears the rungs of its ladder one after the other, and SIGKILL at last.
void rules::check_signals(const truth& one) {
  if (!one.is_program) return;
  const auto kill = std::ranges::find(one.signals, SIGKILL);
  if (kill != one.signals.end() && kill + 1 != one.signals.end()) broke(one.name + " heard something after SIGKILL");
  const std::vector<int> heard(one.signals.begin(), kill);
  const auto is_beginning_of = [&](const std::vector<stop_rung>& ladder) {
    return heard.size() <= ladder.size() &&
           std::ranges::equal(heard, ladder | std::views::take(heard.size()), {}, {}, &stop_rung::signal);
  };
  const auto& hows = variants_[one.name.substr(0, one.name.find('-'))];
  if (std::ranges::any_of(hows, [&](const start_options& how) {
        return is_beginning_of(how.stop) || (how.watchdog && is_beginning_of(how.watchdog->ladder));
      }))
    return;
  broke(std::format("{} {} heard other signals than those of its ladder", one.name, one.generation));
}

bool rules::anybody_beyond_reach() const {
  return std::ranges::any_of(world_.processes(), [](const auto& one) { return one->stuck || one->unkillable; });
}

}  // namespace simulation
