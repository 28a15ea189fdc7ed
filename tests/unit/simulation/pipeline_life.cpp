#include "simulation/pipeline_life.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <format>
#include <utility>

#include "policy/reload_diff.hpp"
#include "simulation/rules.hpp"
#include "simulation/simulated_kernel.hpp"
#include "supervisor/pipeline_change.hpp"
#include "supervisor/supervisor.hpp"

namespace simulation {
using namespace std::chrono_literals;

namespace {

constexpr milliseconds slack = 100ms;  // for a launch or a kill that is under way at a deadline

class pipeline_life final : supervisor::event_sink {
 public:
  pipeline_life(std::uint64_t seed, detail how_much) : dice_(seed * 2 + 1), world_(seed * 2), how_much_(how_much) {
    events_.add(*this);
    world_.on_launch = [this](const channel::launch_request& request) {
      tell(std::format("launch {} {}", request.image.name, request.image.generation));
      rules_.launched(request);
    };
  }

  told_life run() {
    begin();
    plan_commands();
    const auto end = world_.now() + dice_.up_to(90s);
    while (!world_.idle() && !ended_) {
      if (!ending_ && world_.now() >= end) stop_everything();
      step();
      if (world_.idle() && !ending_) stop_everything();
    }
    // Whatever is still to come must not bring anything back.
    for (int more = 0; more < 10'000 && !world_.idle(); ++more) step();
    look_at_the_end();
    return {std::move(rules_.broken), std::move(story_), world_.processes().size()};
  }

 private:
  // The pipeline ----------------------------------------------------------------------------------------------
  void begin() {
    std::vector<group_spec> groups;
    for (const auto* name : {"g", "h"}) {
      group_spec group{.name = name, .strategy = static_cast<group_strategy>(dice_.below(3))};
      if (dice_.one_in(2))
        group.limit = restart_limit{.count = 1 + static_cast<std::uint32_t>(dice_.below(4)), .window = 20s};
      group.essential = dice_.one_in(6);
      groups.push_back(group);
    }
    const auto count = 1 + dice_.below(5);
    spec_.groups = groups;
    for (std::uint64_t number = 0; number < count; ++number) spec_.workers.push_back(worker(number));
    for (const auto& one : groups) rules_.declared(one);
    be(spec_);
    const auto accepted = core_.start_pipeline(groups, members_, 5s);
    if (!accepted) rules_.broke("the pipeline was refused: " + accepted.error().message());
  }

  void be(const pipeline_spec& spec) {
    members_.clear();
    for (const auto& one : spec.workers) members_.push_back(member_of(one));
    for (const auto& one : members_) rules_.declared(one);
  }

  static supervisor::pipeline_member member_of(const worker_spec& of) {
    supervisor::pipeline_member one{{.name = of.name,
                                     .family = of.name,
                                     .class_name = of.class_name,
                                     .options = boost::json::serialize(of.options),
                                     .argv = of.command,
                                     .how = of.how},
                                    of.replicas};
    if (of.how.ready == ready_when::probe) one.model.probe.emplace();
    return one;
  }

  worker_spec worker(std::uint64_t number) {
    worker_spec one;
    one.name = std::string(1, static_cast<char>('a' + number));
    auto& how = one.how;
    if (dice_.one_in(3)) {
      one.command = {"simulated"};
      how.stop.clear();
      for (const int signal : {SIGHUP, SIGINT, SIGTERM})
        if (dice_.one_in(2)) how.stop.push_back({signal, dice_.up_to(1s)});
      if (how.stop.empty() || dice_.one_in(2)) how.stop.push_back({SIGKILL, 0s});
    } else {
      one.class_name = "simulated";
    }
    how.restart.mode = static_cast<restart_mode>(dice_.below(3));
    how.restart.max_delay = 4s;
    how.restart.forgive_after = 10s;
    if (dice_.one_in(3))
      how.restart.limit = restart_limit{.count = 1 + static_cast<std::uint32_t>(dice_.below(4)), .window = 30s};
    how.stop_timeout = 200ms + dice_.up_to(3s);
    how.start_timeout = 1s + dice_.up_to(4s);
    how.ready = ready_when::notify;
    if (dice_.one_in(4)) how.ready = ready_when::probe;
    if (dice_.one_in(4)) how.max_lifetime = 5s + dice_.up_to(30s);
    if (dice_.one_in(4)) how.max_memory = 95;
    if (dice_.one_in(4)) how.watchdog = watchdog_options{.timeout = 10s, .progress = 20s};
    how.essential = dice_.one_in(10);
    if (dice_.one_in(2)) how.group = dice_.one_in(2) ? "g" : "h";
    for (std::uint64_t earlier = 0; earlier < number; ++earlier) {
      if (!dice_.one_in(3)) continue;
      how.after.push_back(
          {std::string(1, static_cast<char>('a' + earlier)), static_cast<start_condition>(dice_.below(3))});
    }
    if (dice_.one_in(3)) one.replicas = 1 + static_cast<std::uint32_t>(dice_.below(3));
    return one;
  }

  // Commands --------------------------------------------------------------------------------------------------
  void plan_commands() {
    const auto count = dice_.below(14);
    for (std::uint64_t number = 0; number < count; ++number) {
      world_.at(world_.now() + dice_.up_to(60s), [this] {
        if (!ending_) command();
      });
    }
  }

  void command() {
    const auto& member = members_[dice_.below(members_.size())];
    const auto& family = member.model.family;
    const auto name =
        member.replicas ? std::format("{}-{}", family, dice_.below(std::max(*member.replicas, 1U))) : family;
    switch (dice_.below(8)) {
      case 0: return stop(name);
      case 1: return start(member.model, name);
      case 2:
        tell("restart " + name);
        rules_.commanded(name);
        return core_.restart(name, {}, [done = expect("restart")](const auto&) { done(); });
      case 3: return scale(member);
      case 4: return roll(member);
      case 5: return reload();
      case 6: return core_.wait_ready(name, {}, [done = expect("wait_ready")](const auto&) { done(); });
      default:
        tell("forget " + name);
        if (!core_.forget(name)) break;
        rules_.forgotten(name);
        rules_.rearranged(family);
    }
  }

  void stop(const std::string& name) {
    const auto asked = world_.now();
    const auto deadline = asked + dice_.up_to(2s);
    tell("stop " + name);
    rules_.commanded(name);
    const auto process = rules_.last_of(name);
    core_.stop(name, {asked, deadline}, [this, name, deadline, process, done = expect("stop")](const auto&) {
      done();
      // Whatever the supervisor does, some resist.
      const bool out_of_reach = process && (process->stuck || process->unkillable);
      if (world_.now() > deadline + slack && !out_of_reach)
        rules_.broke("the stop of " + name + " took longer than its budget");
    });
  }

  void start(const supervisor::worker_definition& model, const std::string& name) {
    tell("start " + name);
    auto definition = model;
    definition.name = name;
    rules_.commanded(name);
    rules_.rearranged(model.family);  // declared anew, it is the last of its group
    core_.start(std::move(definition), [done = expect("start")](const auto&) { done(); });
  }

  void scale(const supervisor::pipeline_member& member) {
    const auto count = static_cast<std::uint32_t>(dice_.below(4));
    tell(std::format("scale {} {}", member.model.family, count));
    rules_.rearranged(member.model.family);
    for (std::uint32_t number = 0; number < 4; ++number)
      rules_.commanded(std::format("{}-{}", member.model.family, number));
    core_.scale(member.model.family, count, "test", [done = expect("scale")](const auto&) { done(); });
  }

  void roll(const supervisor::pipeline_member& member) {
    tell("roll " + member.model.family);
    for (std::uint32_t number = 0; number < 4; ++number)
      rules_.rolled(std::format("{}-{}", member.model.family, number));
    rules_.rolled(member.model.family);
    std::optional<supervisor::worker_definition> changed;
    if (dice_.one_in(2)) changed = member.model;
    core_.restart_rolling(member.model.family, changed, "test", [done = expect("roll")](const auto&) { done(); });
  }

  // Some of it is another one, is gone, or is new.
  void reload() {
    if (std::exchange(reloading_, true)) return;
    auto changed = spec_;
    for (auto& one : changed.workers) {
      switch (dice_.below(8)) {
        case 0: one.options["version"] = ++versions_; break;
        case 1: one.how.stop_timeout = 200ms + dice_.up_to(3s); break;
        case 2: one.how.after.clear(); break;
        case 3:
          if (one.replicas) one.replicas = static_cast<std::uint32_t>(dice_.below(4));
          break;
        default: break;
      }
    }
    if (changed.workers.size() > 1 && dice_.one_in(3)) {
      const auto gone = changed.workers[dice_.below(changed.workers.size())].name;
      std::erase_if(changed.workers, [&](const auto& one) { return one.name == gone; });
      for (auto& one : changed.workers)
        std::erase_if(one.how.after, [&](const auto& other) { return other.on == gone; });
    }
    if (dice_.one_in(4)) {
      auto fresh = worker(10 + versions_++ % 10);
      fresh.how.after.clear();
      if (!std::ranges::contains(changed.workers, fresh.name, &worker_spec::name)) changed.workers.push_back(fresh);
    }
    begin(changed);
  }

  void begin(const pipeline_spec& changed) {
    supervisor::change_request wanted{.plan = policy::plan_reload(spec_, changed, core_.replica_counts()),
                                      .groups = changed.groups,
                                      .order = {},
                                      .members = {},
                                      .stop_timeout = changed.stop_timeout};
    for (const auto& one : changed.workers) {
      wanted.order.push_back(one.name);
      wanted.members.emplace(one.name, member_of(one));
    }
    for (const auto& change : wanted.plan.changes)
      tell(std::format("reload: {} {}", to_string(change.step), change.worker));
    auto change = std::make_shared<supervisor::pipeline_change>(
        core_, std::move(wanted), [this, changed, done = expect("reload")](const supervisor::not_replaced& failed) {
          done();
          reloading_ = false;
          become(changed, failed);
        });
    if (const auto possible = change->check(); !possible) {
      tell("refused: " + possible.error().message());
      unanswered_.erase(asked_);
      reloading_ = false;
      return;
    }
    rules_.reloaded();
    for (const auto& one : changed.workers) rules_.declared(member_of(one));
    change->begin();
  }

  // As process_manager::reload has it: what was not replaced is what it was.
  void become(pipeline_spec changed, const supervisor::not_replaced& failed) {
    for (const auto& [family, why] : failed) {
      const auto was = std::ranges::find(spec_.workers, family, &worker_spec::name);
      const auto is = std::ranges::find(changed.workers, family, &worker_spec::name);
      if (was == spec_.workers.end()) {
        changed.workers.erase(is);
      } else {
        *is = *was;
      }
    }
    if (changed.workers.empty()) return;
    spec_ = std::move(changed);
    be(spec_);
  }

  void stop_everything() {
    ending_ = true;
    if (dice_.one_in(2)) world_.calm_down();
    const auto asked = world_.now();
    const auto deadline = asked + dice_.up_to(5s);
    tell("stop all");
    rules_.commanded_all();
    core_.stop_all(asked, deadline, {}, [this, deadline, done = expect("stop_all")](const auto&) {
      done();
      ended_ = true;
      // What cannot be reached is given up, level by level.
      const auto given_up = rules_.anybody_beyond_reach() ? 6 * policy::vanishing : 0ms;
      if (world_.now() > deadline + slack * 6 + given_up)
        rules_.broke("the stop of everything took longer than its budget");
    });
  }

  /// What its answer calls, once.
  std::function<void()> expect(std::string what) {
    const auto number = ++asked_;
    unanswered_.emplace(number, what);
    return [this, number, what] {
      if (unanswered_.erase(number) == 0) rules_.broke("answered twice: " + what);
    };
  }

  bool offer(const event& what) override {
    rules_.told(what);
    return true;
  }

  // After each step -------------------------------------------------------------------------------------------
  void step() {
    world_.step();
    rules_.look();
    if (how_much_ == detail::states) tell_states();
  }

  void tell_states() {
    for (const auto& view : directory_.all()) {
      const auto& known = view->known;
      auto line = std::format("  {} {} {}{} {}", known.name, known.generation, to_string(known.state),
                              known.ready ? " ready" : "", known.error);
      auto& last = told_[known.name];
      if (line == last) continue;
      tell(line);
      last = std::move(line);
    }
  }

  void look_at_the_end() {
    for (const auto& [number, what] : unanswered_) rules_.broke("never answered: " + what);
    if (!ended_) rules_.broke("the stop of everything has not ended");
    rules_.look_at_the_end();
  }

  void tell(const std::string& what) {
    const auto since = std::chrono::duration_cast<milliseconds>(world_.now() - time_point(std::chrono::hours(1)));
    story_.push_back(std::format("{:>7} ms  {}", since.count(), what));
  }

  dice dice_;
  simulated_kernel world_;
  detail how_much_;
  supervisor::directory directory_;
  supervisor::event_log events_;
  rules rules_{world_, directory_};
  supervisor::supervisor core_{world_, directory_, events_};
  pipeline_spec spec_;
  std::vector<supervisor::pipeline_member> members_;
  std::uint64_t versions_ = 0;
  bool reloading_ = false;
  std::vector<std::string> story_;
  std::map<std::uint64_t, std::string> unanswered_;
  std::map<std::string, std::string> told_;  ///< the last line of each worker
  std::uint64_t asked_ = 0;
  bool ending_ = false, ended_ = false;
};

}  // namespace

told_life live(std::uint64_t seed, detail how_much) { return pipeline_life(seed, how_much).run(); }

}  // namespace simulation
