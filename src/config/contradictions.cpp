#include "config/contradictions.hpp"

#include <algorithm>
#include <format>
#include <iterator>
#include <set>

#include "base/names.hpp"
#include "config/restart_pace.hpp"
#include "config/texts.hpp"
#include "policy/cycle.hpp"

namespace lineshaft::config {
namespace {

using std::chrono::milliseconds;

std::string path_of(const read_worker& worker) { return "worker." + worker.spec.name; }

class search {
 public:
  search(const whole_file& whole, std::vector<fault>& found) : whole_(whole), found_(found) {}

  void everything() {
    for (const auto& worker : whole_.workers) {
      what_it_runs(worker);
      stopping(worker);
      restarting(worker);
      times(worker);
      neighbours(worker);
    }
    groups();
    same_names();
    cycles();
  }

 private:
  const value* given(const read_worker& worker, std::string_view key) const {
    const auto* members = worker.written->as<table>();
    const auto* one = members == nullptr ? nullptr : find(*members, key);
    return one == nullptr ? nullptr : &one->content;
  }
  // Where the key stands, else the worker.
  place where(const read_worker& worker, std::string_view key) const {
    const auto* members = worker.written->as<table>();
    const auto* one = members == nullptr ? nullptr : find(*members, key);
    return one == nullptr ? worker.where : one->where;
  }
  void say(const read_worker& worker, std::string_view key, std::string text, std::string hint = {}) {
    const auto path = key.empty() ? path_of(worker) : path_of(worker) + "." + std::string(key);
    // What could not be read contradicts nothing.
    if (std::ranges::contains(found_, path, &fault::key)) return;
    found_.push_back({where(worker, key.substr(0, key.find('.'))), path, std::move(text), std::move(hint)});
  }

  void what_it_runs(const read_worker& worker) {
    const bool is_class = given(worker, "class") != nullptr, is_program = given(worker, "command") != nullptr;
    if (is_class && is_program) return say(worker, "command", "there is a class, too", "take one of the two out");
    if (!is_class && !is_program) {
      return say(worker, "", "it says neither what class it is nor what command it runs",
                 "class = \"…\" or command = [\"…\"] is expected");
    }
    if (is_class) {
      if (given(worker, "success_exit_codes") != nullptr)
        say(worker, "success_exit_codes", "this is for programs: a worker class succeeds with 0");
      return its_class(worker);
    }
    for (const auto* key : {"options", "method"}) {
      if (given(worker, key) != nullptr) say(worker, key, "this is for worker classes, and this worker is a program");
    }
    if (!worker.spec.command.empty() && worker.spec.command.front().empty())
      say(worker, "command", "the program has an empty name");
  }

  void its_class(const read_worker& worker) {
    if (worker.spec.class_name.empty()) return;  // of the wrong type: said already
    const auto known = std::ranges::find(whole_.classes, worker.spec.class_name, &worker_class::name);
    if (known == whole_.classes.end()) {
      std::vector<std::string> names;
      for (const auto& one : whole_.classes) names.emplace_back(one.name);
      auto hint = did_you_mean(worker.spec.class_name, names);
      if (hint.empty()) {
        std::string list;
        for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
        hint = list.empty() ? "it has none at all: call the program whose classes these are" : "there are: " + list;
      }
      return say(worker, "class", std::format("this program has no worker class '{}'", worker.spec.class_name), hint);
    }
    if (auto fits = known->check(worker.spec.options); !fits) say(worker, "options", fits.error().doing);
  }

  void stopping(const read_worker& worker) {
    const auto& how = worker.spec.how;
    const auto budget = whole_.pipeline.stop_timeout;
    if (how.stop_timeout > budget) {
      say(worker, "stop_timeout",
          std::format("{} is above the {} that a stop of the whole pipeline has", duration_text(how.stop_timeout),
                      duration_text(budget)),
          "lower it, or raise pipeline.stop_timeout");
    }
    if (given(worker, "stop") == nullptr) return;
    milliseconds ladder{};
    for (const auto& rung : how.stop) ladder += rung.grace;
    if (ladder > how.stop_timeout) {
      say(worker, "stop",
          std::format("the signals take {} in all, and a stop of this worker has {}", duration_text(ladder),
                      duration_text(how.stop_timeout)),
          "shorten them, or raise stop_timeout");
    }
    const auto kill = std::ranges::find(how.stop, SIGKILL, &stop_rung::signal);
    if (kill != how.stop.end() && std::next(kill) != how.stop.end())
      say(worker, "stop", "nothing can follow SIGKILL", "take out what stands after it");
  }

  void restarting(const read_worker& worker) {
    const auto& restart = worker.spec.how.restart;
    if (restart.max_delay < restart.delay) {
      say(worker, "restart.max_delay",
          std::format("{} is below the delay to begin with, {}", duration_text(restart.max_delay),
                      duration_text(restart.delay)));
    } else if (restart.limit && restart.mode == restart_mode::never) {
      say(worker, "restart.limit", "there is a limit, and the mode is \"never\"", "take one of the two out");
    } else if (restart.limit && !can_be_reached(restart)) {
      say(worker, "restart.limit",
          std::format("it can never be reached: the delays make {} restarts last longer than {}", restart.limit->count,
                      duration_text(restart.limit->window)),
          "lower the count, or widen the window");
    }
  }

  void times(const read_worker& worker) {
    const auto& how = worker.spec.how;
    const auto none = [&](const char* key, milliseconds span) {
      if (given(worker, key) != nullptr && span <= milliseconds(0))
        say(worker, key, "no time at all is not enough", "take it out for the default");
    };
    none("stop_timeout", how.stop_timeout);
    none("start_timeout", how.start_timeout);
    none("max_lifetime", how.max_lifetime.value_or(milliseconds(0)));
    if (how.watchdog) none("watchdog", std::max(how.watchdog->timeout, how.watchdog->progress));
    if (how.max_lifetime && how.kind == worker_kind::task)
      say(worker, "max_lifetime", "a task ends by itself: it would be started anew");
  }

  void neighbours(const read_worker& worker) {
    const auto& how = worker.spec.how;
    std::vector<std::string> groups, workers;
    for (const auto& group : whole_.pipeline.groups) groups.push_back(group.name);
    for (const auto& other : whole_.workers) workers.push_back(other.spec.name);
    if (!how.group.empty() && !std::ranges::contains(groups, how.group)) {
      auto hint = did_you_mean(how.group, groups);
      if (hint.empty()) hint = std::format("a table [group.{}] makes it", how.group);
      say(worker, "group", std::format("there is no group '{}'", how.group), hint);
    }
    for (const auto& one : how.after) {
      if (std::ranges::contains(workers, one.on)) continue;
      const auto out =
          std::ranges::find_if(whole_.left_out, [&](const auto& other) { return other.spec.name == one.on; });
      if (out == whole_.left_out.end()) {
        say(worker, "after", std::format("there is no worker '{}'", one.on), did_you_mean(one.on, workers));
      } else {
        say(worker, "after", std::format("'{}' is not there without its profile", one.on),
            std::format("ask for it: --profile {}", out->profiles.front()));
      }
    }
  }

  // Replicas have names of their own, which must not be those of others.
  void same_names() {
    std::set<std::string> plain;
    for (const auto& worker : whole_.workers) plain.insert(worker.spec.name);
    for (const auto& worker : whole_.workers) {
      for (std::uint32_t number = 0; number < worker.spec.replicas.value_or(0); ++number) {
        const auto name = replica_name(worker.spec.name, number);
        if (plain.contains(name))
          say(worker, "replicas", std::format("one of its replicas is named '{}', as is another worker", name));
      }
    }
  }

  void groups() {
    for (const auto& group : whole_.groups) {
      const auto& limit = group.spec.limit;
      std::vector<restart_policy> members;
      bool may_grow = false;
      for (const auto& worker : whole_.workers) {
        if (worker.spec.how.group != group.spec.name) continue;
        members.push_back(worker.spec.how.restart);
        may_grow = may_grow || worker.spec.replicas.has_value();
      }
      // As many as somebody scales them to may die.
      if (!limit || may_grow || members.empty() || can_be_reached(*limit, members)) continue;
      found_.push_back({group.where, "group." + group.spec.name + ".restart_limit",
                        std::format("it can never be reached: its members are not restarted so often in {}",
                                    duration_text(limit->window)),
                        "lower the count, or widen the window"});
    }
  }

  // One circle may hide another: what closes it is left out, and the rest looked at again.
  void cycles() {
    policy::dependency_graph graph;
    for (const auto& worker : whole_.workers) graph[worker.spec.name];
    for (const auto& worker : whole_.workers) {
      // Who is not there has been told.
      std::ranges::copy_if(worker.spec.how.after, std::back_inserter(graph[worker.spec.name]),
                           [&](const auto& one) { return graph.contains(one.on); });
    }
    for (auto cycle = policy::find_cycle(graph); !cycle.empty(); cycle = policy::find_cycle(graph)) {
      std::string text;
      for (const auto& name : cycle) text += (text.empty() ? "" : " → ") + name;
      const auto first =
          std::ranges::find_if(whole_.workers, [&](const auto& one) { return one.spec.name == cycle.front(); });
      say(*first, "after", "it waits for itself: " + text, "take one of these out");
      std::erase_if(graph[cycle.front()], [&](const auto& one) { return one.on == cycle[1]; });
    }
  }

  const whole_file& whole_;
  std::vector<fault>& found_;
};

}  // namespace

void find_contradictions(const whole_file& whole, std::vector<fault>& found) { search(whole, found).everything(); }

}  // namespace lineshaft::config
