#include "policy/reload_diff.hpp"

#include <algorithm>
#include <array>
#include <boost/pfr.hpp>
#include <concepts>
#include <format>
#include <optional>

#include "base/names.hpp"

namespace lineshaft::policy {
namespace {

enum class effect : std::uint8_t {
  adopted,   ///< by whoever watches the process
  replaced,  ///< it is in the process itself
};

/// One part of a worker's definition, by its key in a pipeline file.
struct part {
  std::string_view name;
  effect when_changed;
  bool (*same)(const worker_spec&, const worker_spec&);
  void (*take)(worker_spec& into, const worker_spec& from);
};

// Member by member, so that a member that comes later is compared, too.
template <class T>
bool same(const T& one, const T& other);
template <class T>
bool same(const std::optional<T>& one, const std::optional<T>& other);
template <class T>
bool same(const std::vector<T>& one, const std::vector<T>& other);

template <class T>
bool same_members(const T& one, const T& other) {
  return [&]<std::size_t... Number>(std::index_sequence<Number...>) {
    return (same(boost::pfr::get<Number>(one), boost::pfr::get<Number>(other)) && ...);
  }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
}

bool same_spec(const worker_spec& one, const worker_spec& other) {
  const auto& [name, class_name, options, command, how, replicas] = one;
  return name == other.name && class_name == other.class_name && options == other.options && command == other.command &&
         same(how, other.how) && replicas == other.replicas;
}

template <class T>
bool same(const std::optional<T>& one, const std::optional<T>& other) {
  return one.has_value() == other.has_value() && (!one || same(*one, *other));
}

template <class T>
bool same(const std::vector<T>& one, const std::vector<T>& other) {
  return std::ranges::equal(one, other, [](const T& left, const T& right) { return same(left, right); });
}

template <class T>
bool same(const T& one, const T& other) {
  if constexpr (std::equality_comparable<T>) {
    return one == other;
  } else {
    return same_members(one, other);
  }
}

template <auto Member>
consteval part of_worker(std::string_view name) {
  return {name, effect::replaced,
          [](const auto& one, const auto& other) { return policy::same(one.*Member, other.*Member); },
          [](auto& into, const auto& from) { into.*Member = from.*Member; }};
}

template <auto Member>
consteval part of_start(std::string_view name, effect when_changed = effect::replaced) {
  return {name, when_changed,
          [](const auto& one, const auto& other) { return policy::same(one.how.*Member, other.how.*Member); },
          [](auto& into, const auto& from) { into.how.*Member = from.how.*Member; }};
}

using how = start_options;
constexpr std::array parts = {
    of_worker<&worker_spec::class_name>("class"),
    of_worker<&worker_spec::options>("options"),
    of_worker<&worker_spec::command>("command"),
    of_start<&how::kind>("kind"),
    of_start<&how::method>("method"),
    of_start<&how::ready>("ready"),
    of_start<&how::probe>("probe"),
    of_start<&how::watchdog>("watchdog"),
    of_start<&how::listen>("listen"),
    of_start<&how::max_memory>("max_memory"),
    of_start<&how::env>("env"),
    of_start<&how::clear_env>("clear_env"),
    of_start<&how::working_directory>("working_directory"),
    of_start<&how::limits>("limits"),
    of_start<&how::cgroup>("cgroup"),
    of_start<&how::user>("user"),
    of_start<&how::nice>("nice"),
    of_start<&how::cpu_affinity>("cpu_affinity"),
    of_start<&how::oom_score_adj>("oom_score_adj"),
    of_start<&how::no_new_privs>("no_new_privs"),
    of_start<&how::umask>("umask"),
    of_start<&how::output>("output"),
    of_start<&how::restart>("restart", effect::adopted),
    of_start<&how::stop>("stop", effect::adopted),
    of_start<&how::stop_timeout>("stop_timeout", effect::adopted),
    of_start<&how::start_timeout>("start_timeout", effect::adopted),
    of_start<&how::success_exit_codes>("success_exit_codes", effect::adopted),
    of_start<&how::after>("after", effect::adopted),
    of_start<&how::group>("group", effect::adopted),
    of_start<&how::essential>("essential", effect::adopted),
    of_start<&how::max_lifetime>("max_lifetime", effect::adopted),
};

struct difference {
  std::string what;
  bool replaces = false;
};

/// None if they are the same but for the number of replicas.
std::optional<difference> difference_of(worker_spec before, const worker_spec& after) {
  difference found;
  const auto add = [&found](std::string_view name, effect is) {
    found.what += (found.what.empty() ? "" : ", ") + std::string(name);
    found.replaces = found.replaces || is == effect::replaced;
  };
  for (const auto& one : parts) {
    if (one.same(before, after)) continue;
    add(one.name, one.when_changed);
    one.take(before, after);
  }
  before.replicas = after.replicas;
  // A part that nobody has told here what it means to: the careful way.
  if (!same_spec(before, after)) add("something else", effect::replaced);
  return found.what.empty() ? std::nullopt : std::optional(found);
}

std::vector<std::string> names_of(const std::string& family, std::uint32_t from, std::uint32_t to) {
  std::vector<std::string> names;
  for (auto number = from; number < to; ++number) names.push_back(replica_name(family, number));
  return names;
}

const worker_spec* find(const std::vector<worker_spec>& workers, const std::string& name) {
  const auto found = std::ranges::find(workers, name, &worker_spec::name);
  return found == workers.end() ? nullptr : &*found;
}

class differ {
 public:
  differ(const replica_counts& running) : running_(running) {}  // NOLINT(google-explicit-constructor)

  void removed(const worker_spec& gone, std::string why) {
    stops_.push_back(change(reload_step::stop, gone, std::move(why)));
  }
  void added(const worker_spec& made, std::string why) {
    const auto names = made.replicas ? names_of(made.name, 0, *made.replicas) : std::vector{made.name};
    starts_.push_back({reload_step::start, made.name, names, std::move(why)});
  }
  void kept(const worker_spec& before, const worker_spec& after);
  reload_plan plan() &&;

 private:
  std::uint32_t count(const worker_spec& of) const {
    const auto known = running_.find(of.name);
    return known == running_.end() ? of.replicas.value_or(0) : known->second;
  }
  reload_change change(reload_step step, const worker_spec& of, std::string why) const {
    return {step, of.name, of.replicas ? names_of(of.name, 0, count(of)) : std::vector{of.name}, std::move(why)};
  }
  void scaled(const worker_spec& before, const worker_spec& after);

  const replica_counts& running_;
  std::vector<reload_change> stops_, starts_, replaced_;
};

void differ::kept(const worker_spec& before, const worker_spec& after) {
  if (before.replicas.has_value() != after.replicas.has_value()) {
    removed(before, "replicas");
    return added(after, "replicas");
  }
  if (const auto found = difference_of(before, after)) {
    auto made = change(found->replaces ? reload_step::replace : reload_step::adopt, before, found->what);
    // Those that are too many go as they are.
    if (before.replicas != after.replicas && made.processes.size() > *after.replicas)
      made.processes.resize(*after.replicas);
    replaced_.push_back(std::move(made));
  }
  if (before.replicas != after.replicas) scaled(before, after);
}

void differ::scaled(const worker_spec& before, const worker_spec& after) {
  const auto is = count(before);
  const auto wanted = *after.replicas;
  const auto why = std::format("replicas: {} → {}", is, wanted);
  if (wanted < is) stops_.push_back({reload_step::stop, after.name, names_of(after.name, wanted, is), why});
  if (wanted > is) starts_.push_back({reload_step::start, after.name, names_of(after.name, is, wanted), why});
}

reload_plan differ::plan() && {
  reload_plan made{std::move(stops_)};
  std::ranges::move(replaced_, std::back_inserter(made.changes));
  std::ranges::move(starts_, std::back_inserter(made.changes));
  return made;
}

std::vector<std::string> changed_settings(const pipeline_spec& before, const pipeline_spec& after) {
  std::vector<std::string> changed;
  if (before.stop_timeout != after.stop_timeout) changed.emplace_back("pipeline.stop_timeout");
  const auto differs = [](const group_spec& one, const std::vector<group_spec>& others) {
    const auto other = std::ranges::find(others, one.name, &group_spec::name);
    return other == others.end() || !same(one, *other);
  };
  for (const auto& group : after.groups) {
    if (differs(group, before.groups)) changed.push_back("group." + group.name);
  }
  for (const auto& group : before.groups) {
    if (!std::ranges::contains(after.groups, group.name, &group_spec::name)) changed.push_back("group." + group.name);
  }
  return changed;
}

worker_spec with_environment(worker_spec worker, const pipeline_spec& of) {
  worker.how.env.insert(of.env.begin(), of.env.end());
  return worker;
}

}  // namespace

reload_plan plan_reload(const pipeline_spec& before, const pipeline_spec& after, const replica_counts& running) {
  differ found(running);
  for (const auto& worker : before.workers) {
    const auto* stays = find(after.workers, worker.name);
    if (stays == nullptr) {
      found.removed(worker, "not in the pipeline any more");
    } else {
      found.kept(with_environment(worker, before), with_environment(*stays, after));
    }
  }
  for (const auto& worker : after.workers) {
    if (find(before.workers, worker.name) == nullptr) found.added(worker, "new");
  }
  auto plan = std::move(found).plan();
  plan.settings = changed_settings(before, after);
  if (before.name != after.name) plan.later.emplace_back("pipeline.name");
  return plan;
}

}  // namespace lineshaft::policy
