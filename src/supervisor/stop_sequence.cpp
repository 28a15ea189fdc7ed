#include "supervisor/stop_sequence.hpp"

#include <algorithm>

#include "policy/stop_plan.hpp"

namespace lineshaft::supervisor {
using std::chrono::duration_cast;
using std::chrono::milliseconds;

stop_sequence::stop_sequence(kernel& world, find_worker find, std::vector<std::vector<std::string>> levels,
                             stop_request request, on_stopped answered, each_has time)
    : world_(world),
      find_(std::move(find)),
      levels_(std::move(levels)),
      request_(request),
      answered_(std::move(answered)),
      time_(time),
      patience_(world.make_alarm()) {}

void stop_sequence::next_level() {
  if (level_ == levels_.size()) {
    std::ranges::sort(outcomes_, {}, &stop_outcome::name);
    return answered_(std::move(outcomes_));
  }
  const auto level = level_;
  const auto deadline = deadline_of(level);
  missing_ = levels_[level];
  patience_->set(policy::after(deadline, policy::vanishing),
                 [self = shared_from_this(), level] { self->gave_up(level); });
  // A worker may be gone, and the level with it, before its stop returns.
  for (const auto& name : std::vector(missing_)) {
    auto* worker = find_(name);
    if (worker == nullptr) {
      stopped(level, {.name = name});
    } else {
      worker->stop(
          {request_.asked, deadline_of(*worker, deadline), request_.by},
          [self = shared_from_this(), level](stop_outcome outcome) { self->stopped(level, std::move(outcome)); });
    }
  }
  if (levels_[level].empty()) level_stopped(level);
}

void stop_sequence::stopped(std::size_t level, stop_outcome outcome) {
  if (level != level_ || std::erase(missing_, outcome.name) == 0) return;
  outcomes_.push_back(std::move(outcome));
  if (missing_.empty()) level_stopped(level);
}

// Later: the workers of this level have not finished with their end.
void stop_sequence::level_stopped(std::size_t level) {
  patience_->cancel();
  level_ = level + 1;
  world_.later([self = shared_from_this()] { self->next_level(); });
}

void stop_sequence::gave_up(std::size_t level) {
  if (level != level_) return;
  const auto took = duration_cast<milliseconds>(world_.now() - request_.asked);
  for (const auto& name : std::vector(missing_)) {
    stopped(level, {.name = name, .how = stop_outcome::killed, .took = took, .exit = std::nullopt});
  }
}

milliseconds stop_sequence::longest(std::size_t level) const {
  milliseconds most{};
  for (const auto& name : levels_[level]) {
    if (const auto* worker = find_(name)) most = std::max(most, worker->definition().how.stop_timeout);
  }
  return most;
}

policy::time_point stop_sequence::deadline_of(std::size_t level) const {
  milliseconds later{};
  for (auto after = level + 1; after < levels_.size(); ++after) later += longest(after);
  return policy::level_deadline(world_.now(), request_.deadline, longest(level), later);
}

policy::time_point stop_sequence::deadline_of(const worker_entry& worker, policy::time_point level) const {
  if (time_ == each_has::the_time_of_its_level) return level;
  return std::min(level, policy::after(world_.now(), worker.definition().how.stop_timeout));
}

}  // namespace lineshaft::supervisor
