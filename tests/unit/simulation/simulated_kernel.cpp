#include "simulation/simulated_kernel.hpp"

#include <csignal>
#include <utility>

namespace simulation {
using namespace std::chrono_literals;

namespace {

class simulated_alarm final : public supervisor::alarm {
 public:
  explicit simulated_alarm(simulated_kernel& world) : world_(world) {}
  ~simulated_alarm() override { *current_ = 0; }

  void set(time_point when, std::function<void()> ring) override {
    const auto number = ++last_;
    *current_ = number;
    world_.at(std::max(when, world_.now()), [current = current_, number, ring = std::move(ring)] {
      if (*current != number) return;
      *current = 0;
      ring();
    });
  }
  void cancel() override { *current_ = 0; }

 private:
  simulated_kernel& world_;
  std::uint64_t last_ = 0;
  std::shared_ptr<std::uint64_t> current_ = std::make_shared<std::uint64_t>(0);
};

/// A process with a character: drawn when it is launched, the same for the same seed.
class simulated_process final : public supervisor::process {
 public:
  simulated_process(simulated_kernel& world, supervisor::process_events& events, std::shared_ptr<truth> facts,
                    std::optional<role> plays)
      : world_(world), events_(events), facts_(std::move(facts)), plays_(std::move(plays)) {}
  ~simulated_process() override { *alive_ = false; }

  pid_t pid() const override { return facts_->pid; }
  time_point started() const override { return started_; }
  const std::shared_ptr<const status::manager_block>& block() const override { return no_block_; }
  // A program hears some of them.
  void signal(int number) override {
    facts_->signals.push_back(number);
    if (plays_ || !facts_->is_program || !world_.chances().one_in(world_.calm() ? 1 : 2)) return;
    if (world_.chances().one_in(4))
      after(1ms, [this] { events_.process_notified({.extend_timeout = std::chrono::seconds(1)}); });
    after(world_.chances().up_to(world_.calm() ? 10ms : 2s), [this, number] { end(-number); });
  }
  void ask_to_leave(time_point, int number) override {
    leaving_ = true;
    if (facts_->is_program && !plays_) return signal(number);
    if (plays_) {
      if (plays_->leaves) after(*plays_->leaves, [this] { end(0); });
      return;
    }
    if (!world_.calm() && world_.chances().one_in(6)) return;  // it does not listen
    const bool fails = !world_.calm() && world_.chances().one_in(8);
    after(world_.chances().up_to(world_.calm() ? 10ms : 3s), [this, fails] { end(fails ? 70 : 0); });
  }
  void tell(const channel::manager_message&, std::vector<unique_fd>) override {}
  void probe(const policy::probe_target&) override { probed_ = true; }
  void kill() override {
    leaving_ = true;
    facts_->signals.push_back(SIGKILL);
    if (std::exchange(killed_, true) || (plays_ && plays_->unkillable)) return;
    // In uninterruptible sleep, until a device comes back.
    facts_->unkillable = !world_.calm() && world_.chances().one_in(30);
    after(world_.chances().up_to(facts_->unkillable ? 60s : 5ms), [this] { end(-SIGKILL); });
  }
  sys::exit_status reap() override { return {.code = code_}; }
  std::vector<std::string> last_output() override { return {}; }
  sys::vitals vitals() const override {
    return {.stopped = world_.chances().one_in(20), .resident_bytes = world_.chances().below(100)};
  }
  bool stopped_or_continued() override { return false; }

  void begin(pid_t pid) {
    pid_ = pid;
    if (plays_) return after(0ms, [this] { plays_->can_start ? launched() : not_launched(); });
    facts_->stuck = !world_.calm() && world_.chances().one_in(40);
    if (facts_->stuck) return;
    const bool fails = !world_.calm() && world_.chances().one_in(10);
    after(world_.chances().up_to(20ms), [this, fails] { fails ? not_launched() : launched(); });
  }
  // Most often what makes processes hangs, sometimes it was only busy.
  void give_up_launch() override {
    const bool hangs = !world_.chances().one_in(4);
    after(world_.chances().up_to(20ms), [this, hangs] { hangs ? not_launched() : launched(); });
  }

 private:
  void not_launched() {
    facts_->ended = true;
    facts_->ended_at = world_.now();
    events_.process_not_launched({std::make_error_code(std::errc::resource_unavailable_try_again), "no"});
  }
  void launched() {
    facts_->pid = pid_;
    facts_->exists_since = world_.now();
    started_ = world_.now();
    plan();
    events_.process_launched();
  }
  void plan() {
    if (plays_) {
      if (plays_->ready) ready_after(*plays_->ready);
      if (plays_->crashes) after(*plays_->crashes, [this] { end(-SIGSEGV); });
      return;
    }
    auto& chances = world_.chances();
    if (world_.calm() || !chances.one_in(8)) ready_after(chances.up_to(2s));
    if (facts_->is_program) beat(chances.up_to(world_.calm() ? 5min : 60s));
    if (world_.calm()) return;
    const auto when = chances.up_to(chances.one_in(2) ? 1s : 90s);
    switch (chances.below(6)) {
      case 0: after(when, [this] { end(-SIGSEGV); }); break;
      case 1: after(when, [this] { say_and_end(channel::failed{"simulated"}, 70); }); break;
      case 2: after(when, [this] { say_and_end(channel::finished{}, 0); }); break;
      case 3: after(when, [this] { say_and_end(channel::leaving{}, 0); }); break;
      case 4:
        after(when, [this] { say_ready(false); });
        after(when + 2s, [this] { say_ready(true); });
        break;
      default: break;  // works until it is asked to leave
    }
  }

  // As long as it does not hang.
  void beat(milliseconds how_long) {
    if (how_long < 4s) return;
    after(4s, [this, how_long] {
      events_.process_notified({.watchdog = true});
      beat(how_long - 4s);
    });
  }

  void ready_after(milliseconds span) {
    after(span, [this] { say_ready(true); });
  }
  void say_ready(bool ready) {
    if (leaving_) return;  // nobody would believe it
    facts_->ready = ready;
    facts_->ready_at = ready ? world_.now() : time_point{};
    if (probed_) return events_.process_probed(ready, ready ? "" : "simulated");
    if (ready) return events_.process_said(channel::ready{});
    events_.process_said(channel::unready{});
  }
  void say_and_end(const channel::worker_message& message, int code) {
    leaving_ = true;
    events_.process_said(message);
    if (world_.chances().one_in(5)) return;  // says that it leaves, and hangs
    after(world_.chances().up_to(500ms), [this, code] { end(code); });
  }
  void end(int code) {
    facts_->ended = true;
    facts_->ready = false;
    facts_->ended_at = world_.now();
    code_ = code;
    events_.process_ended();
  }
  void after(milliseconds span, std::function<void()> what) {
    world_.at(world_.now() + span, [alive = alive_, facts = facts_, what = std::move(what)] {
      if (*alive && !facts->ended) what();
    });
  }

  simulated_kernel& world_;
  supervisor::process_events& events_;
  std::shared_ptr<truth> facts_;
  std::optional<role> plays_;
  std::shared_ptr<const status::manager_block> no_block_;
  time_point started_{};
  pid_t pid_ = 0;
  int code_ = 0;
  bool probed_ = false, killed_ = false, leaving_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

std::unique_ptr<supervisor::alarm> simulated_kernel::make_alarm() { return std::make_unique<simulated_alarm>(*this); }

result<std::unique_ptr<supervisor::process>> simulated_kernel::launch(channel::launch_request request,
                                                                      std::vector<unique_fd>,
                                                                      const supervisor::process_output&,
                                                                      supervisor::process_events& events) {
  if (on_launch) on_launch(request);
  auto facts = std::make_shared<truth>(truth{.name = request.image.name, .generation = request.image.generation});
  facts->is_program = request.kind == channel::launch_kind::program;
  processes_.push_back(facts);
  if (!calm_ && dice_.one_in(20)) {
    facts->ended = true;
    facts->ended_at = now_;
    return fail(std::errc::too_many_files_open, "cannot make a channel");
  }
  const auto plays = cast_ ? std::optional(cast_(request)) : std::nullopt;
  auto made = std::make_unique<simulated_process>(*this, events, facts, plays);
  made->begin(++last_pid_);
  return made;
}

void simulated_kernel::at(time_point when, std::function<void()> what) {
  queue_.emplace(moment{when, ++last_number_}, std::move(what));
}

bool simulated_kernel::step() {
  if (queue_.empty()) return false;
  auto next = queue_.extract(queue_.begin());
  now_ = next.key().first;
  next.mapped()();
  return true;
}

void simulated_kernel::run_for(milliseconds span) {
  const auto until = now_ + span;
  while (!queue_.empty() && queue_.begin()->first.first <= until) step();
  now_ = until;
}

}  // namespace simulation
