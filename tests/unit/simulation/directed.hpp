#pragma once
// A pipeline in a world where each process does what a test says, by the name of its worker.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "simulation/simulated_kernel.hpp"
#include "supervisor/pipeline_change.hpp"
#include "supervisor/supervisor.hpp"

namespace simulation {
using namespace std::chrono_literals;

class directed : public ::testing::Test {
 protected:
  directed() {
    world_.direct([this](const channel::launch_request& request) {
      // One that plays a part in a certain generation, or always.
      const auto& name = request.image.name;
      const auto now = plays_.find(name + " " + std::to_string(request.image.generation));
      return now != plays_.end() ? now->second : plays_[name];
    });
  }

  static worker_spec one(std::string name, std::vector<dependency> after = {}) {
    worker_spec made{.name = std::move(name), .class_name = "simulated", .how = {}};
    made.how.after = std::move(after);
    made.how.ready = ready_when::notify;
    made.how.stop_timeout = 2s;
    made.how.start_timeout = 5s;
    made.how.restart = {.delay = 1s, .jitter = 0};
    return made;
  }
  static supervisor::pipeline_member member(const worker_spec& of) {
    return {{.name = of.name, .family = of.name, .class_name = of.class_name, .argv = of.command, .how = of.how},
            of.replicas};
  }
  result<> start(const pipeline_spec& spec) {
    std::vector<supervisor::pipeline_member> members;
    for (const auto& worker : spec.workers) members.push_back(member(worker));
    spec_ = spec;
    return core_.start_pipeline(spec.groups, members, spec.stop_timeout);
  }

  worker_status of(const std::string& name) const {
    const auto view = directory_.find(name);
    return view ? supervisor::status_of(*view, world_.now()) : worker_status();
  }
  worker_state state(const std::string& name) const { return of(name).state; }

  simulated_kernel world_{1};
  std::map<std::string, role> plays_;
  supervisor::directory directory_;
  supervisor::event_log events_;
  supervisor::supervisor core_{world_, directory_, events_};
  pipeline_spec spec_;
};

/// What an answer was, once it has come.
template <class T>
struct heard {
  std::shared_ptr<std::optional<T>> value = std::make_shared<std::optional<T>>();
  void operator()(T what) const {
    EXPECT_FALSE(*value) << "answered twice";
    value->emplace(std::move(what));
  }
  bool came() const { return value->has_value(); }
  const T& get() const { return **value; }
  /// Empty: it has come, and is no error.
  std::string text() const { return !came() ? "no answer" : get() ? "" : get().error().doing; }
};

}  // namespace simulation
