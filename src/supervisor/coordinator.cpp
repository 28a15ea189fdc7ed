#include "supervisor/coordinator.hpp"

#include <algorithm>
#include <utility>

namespace lineshaft::supervisor {

void coordinator::set_groups(std::span<const group_spec> groups) {
  for (const auto& spec : groups) {
    auto& known = groups_.try_emplace(spec.name, spec, std::vector<worker_entry*>(), policy::group_restarts(spec.limit))
                      .first->second;
    known.spec = spec;
    known.restarts = policy::group_restarts(spec.limit);
  }
}

result<> coordinator::check(std::span<const worker_definition> joining, std::span<const group_spec> groups) const {
  for (const auto& worker : joining) {
    const auto& joined = worker.how.group;
    if (!joined.empty() && !groups_.contains(joined) && !std::ranges::contains(groups, joined, &group_spec::name)) {
      return fail("cannot start '" + worker.name + "': there is no group '" + joined + "'");
    }
  }
  // Who waits for nobody closes no circle: a look at all of them for each start would make a thousand starts a million.
  if (std::ranges::all_of(joining, [](const auto& worker) { return worker.how.after.empty(); })) return {};
  auto all = graph();
  for (const auto& worker : joining) all.insert_or_assign(worker.family, worker.how.after);
  return policy::check(all);
}

result<> coordinator::check_change(std::span<const group_spec> groups, std::span<const worker_definition> changed,
                                   const std::set<std::string>& leaving) const {
  policy::dependency_graph all;
  for (const auto& [name, members] : families_) {
    const bool stays = std::ranges::any_of(members, [&](const auto* one) { return !leaving.contains(one->name()); });
    if (stays) all.emplace(name, members.front()->definition().how.after);
  }
  for (const auto& worker : changed) {
    if (!worker.how.group.empty() && !std::ranges::contains(groups, worker.how.group, &group_spec::name)) {
      return fail("'" + worker.family + "': there is no group '" + worker.how.group + "'");
    }
    all.insert_or_assign(worker.family, worker.how.after);
  }
  return policy::check(all);
}

void coordinator::set_order(std::span<const std::string> families) {
  for (auto& [name, of] : groups_) {
    std::ranges::stable_sort(of.members, {}, [&](const worker_entry* member) {
      return std::ranges::find(families, member->definition().family) - families.begin();
    });
  }
}

void coordinator::joined(worker_entry& worker) {
  families_[worker.definition().family].push_back(&worker);
  if (auto* of = group_of(worker)) of->members.push_back(&worker);
}

bool coordinator::by_name::operator()(const worker_entry* one, const worker_entry* other) const {
  return one->name() < other->name();
}

void coordinator::left(worker_entry& worker) {
  waiting_.erase(&worker);
  const auto family = families_.find(worker.definition().family);
  std::erase(family->second, &worker);
  if (family->second.empty()) families_.erase(family);
  for (auto& [name, of] : groups_) std::erase(of.members, &worker);
}

std::vector<std::vector<worker_entry*>> coordinator::stop_levels() const {
  std::vector<std::vector<worker_entry*>> levels;
  for (const auto& names : policy::stop_levels(graph())) {
    auto& level = levels.emplace_back();
    for (const auto& name : names) std::ranges::copy(family(name), std::back_inserter(level));
  }
  return levels;
}

std::vector<worker_entry*> coordinator::family(const std::string& name) const {
  const auto found = families_.find(name);
  return found == families_.end() ? std::vector<worker_entry*>() : found->second;
}

policy::dependency_graph coordinator::graph() const {
  policy::dependency_graph all;
  for (const auto& [name, members] : families_) all.emplace(name, members.front()->definition().how.after);
  return all;
}

// Launching -----------------------------------------------------------------------------------------------

bool coordinator::may_launch(worker_entry& worker) {
  const bool allowed = dependencies_hold(worker) && group_allows(worker);
  if (allowed) {
    waiting_.erase(&worker);
  } else {
    waiting_.insert(&worker);
  }
  return allowed;
}

bool coordinator::dependencies_hold(const worker_entry& worker) const {
  return std::ranges::all_of(worker.definition().how.after, [this](const dependency& one) {
    const auto found = families_.find(one.on);
    if (found == families_.end()) return false;
    return std::ranges::all_of(found->second,
                               [&](const worker_entry* other) { return policy::holds(one.when, other->standing()); });
  });
}

bool coordinator::group_allows(const worker_entry& worker) const {
  const auto found = groups_.find(worker.definition().how.group);
  if (found == groups_.end() || found->second.spec.strategy == group_strategy::one_for_one) return true;
  const auto& members = found->second.members;
  std::vector<policy::member_standing> standing;
  std::size_t which = members.size();
  for (const auto* member : members) {
    if (member == &worker) which = standing.size();
    const auto& life = member->life();
    standing.push_back({life.falls_with_group(), life.current() == policy::phase::backoff});
  }
  return policy::may_launch(found->second.spec.strategy, standing, which);
}

// A look for each change would be a look at all that wait for each of a thousand workers: one for all changes that
// come together is enough.
void coordinator::changed() {
  if (waiting_.empty() || std::exchange(will_look_, true)) return;
  world_.later([this] { look_again(); });
}

void coordinator::look_again() {
  will_look_ = false;
  for (auto* worker : std::exchange(waiting_, {})) worker->launch_if_allowed();
}

// Standing and falling together ---------------------------------------------------------------------------

void coordinator::will_restart(worker_entry& worker) {
  auto* of = group_of(worker);
  if (of == nullptr) return;
  if (const auto too_many = of->restarts.one_more(world_.now())) return give_up(*of, *too_many);
  for (auto* other : along_with(*of, worker)) {
    // What was told to stop, or has ended for good, stays so.
    if (!other->down() && !other->life().told_to_stop()) other->restart(restart_cause::group, [](const auto&) {});
  }
}

void coordinator::failed_for_good(worker_entry& worker) {
  // Of this moment: who hears of it may give the worker another definition.
  const bool essential = worker.definition().how.essential;
  const auto why = "'" + worker.name() + "' failed";
  if (auto* of = group_of(worker); of != nullptr && of->spec.strategy != group_strategy::one_for_one) {
    for (auto* other : along_with(*of, worker)) {
      if (!other->life().told_to_stop()) other->abandon(why);
    }
    if (of->spec.essential) essential_failed_(why);
  }
  if (essential) essential_failed_(why);
}

bool coordinator::is_essential(const worker_entry& worker) const {
  const auto& how = worker.definition().how;
  const auto found = groups_.find(how.group);
  return how.essential || (found != groups_.end() && found->second.spec.essential);
}

void coordinator::give_up(group& of, const std::string& why) {
  const auto text = "group '" + of.spec.name + "': " + why;
  // A member that has never lived leaves the group as it is abandoned.
  for (auto* member : std::vector(of.members)) {
    if (!member->life().told_to_stop()) member->abandon(text);
  }
  if (of.spec.essential) essential_failed_(text);
}

coordinator::group* coordinator::group_of(const worker_entry& worker) {
  const auto found = groups_.find(worker.definition().how.group);
  return found == groups_.end() ? nullptr : &found->second;
}

std::vector<worker_entry*> coordinator::along_with(const group& of, const worker_entry& worker) const {
  std::vector<std::string> names;
  for (const auto* member : of.members) names.push_back(member->name());
  const auto along = policy::restarted_along(of.spec.strategy, names, worker.name());
  std::vector<worker_entry*> others;
  std::ranges::copy_if(of.members, std::back_inserter(others),
                       [&](const auto* member) { return std::ranges::contains(along, member->name()); });
  return others;
}

}  // namespace lineshaft::supervisor
