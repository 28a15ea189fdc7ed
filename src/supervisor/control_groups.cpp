#include "supervisor/control_groups.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <format>

#include "policy/control_group.hpp"
#include "sys/socket.hpp"

namespace lineshaft::supervisor {
namespace {

constexpr std::string_view prefix = "lineshaft-";

// Of all managers in this program.
std::atomic<unsigned> managers = 0;

std::string controllers_file(const std::string& folder) { return folder + "/cgroup.subtree_control"; }

std::string list_of(const std::vector<std::string>& controllers, std::string_view sign) {
  std::string list;
  for (const auto& one : controllers) list += (list.empty() ? "" : " ") + std::string(sign) + one;
  return list;
}

// The manager whose folder it is, by the folder's name; 0: it is nobody's.
pid_t owner_of(std::string_view folder) {
  if (!folder.starts_with(prefix)) return 0;
  folder.remove_prefix(prefix.size());
  pid_t owner = 0;
  std::from_chars(folder.data(), folder.data() + folder.size(), owner);
  return owner;
}

// A group hands controllers out to those below it as long as no process is in it itself, but for the first of all. One
// that is for threads (cpu) it does hand out, and what is below it then is for its threads, and can do nothing else.
bool processes_are_in_the_way(std::error_code why) {
  return why == std::errc::device_or_resource_busy || why == std::errc::operation_not_supported;
}

bool is_alive(pid_t process) { return ::kill(process, 0) == 0 || errno != ESRCH; }

void remove_with_content(sys::cgroup_tree& tree, const std::string& folder) {
  for (const auto& inner : tree.folders_in(folder)) (void)tree.remove(std::format("{}/{}", folder, inner));
  (void)tree.remove(folder);
}

}  // namespace

control_group::~control_group() { (void)tree_.remove(folder_); }

std::string_view control_group::name() const {
  const auto last = folder_.rfind('/');
  return std::string_view(folder_).substr(folder_.rfind('/', last - 1));
}

bool control_group::populated() const {
  const auto events = tree_.read(folder_ + "/cgroup.events");
  return events && policy::is_populated(*events);
}

bool control_group::ran_out_of_memory() const {
  const auto events = tree_.read(folder_ + "/memory.events");
  return events && policy::out_of_memory(*events);
}

result<> control_group::limit(const cgroup_options& wanted) {
  for (const auto& [file, value] : policy::settings_of(wanted)) {
    if (auto set = tree_.write(folder_ + "/" + file, value); !set) return set;
  }
  return {};
}

control_groups::~control_groups() {
  if (folder_.empty()) return;
  if (aside_) step_back();
  remove_with_content(tree_, folder_);
}

result<std::unique_ptr<control_group>> control_groups::make(const std::string& worker, std::uint32_t generation,
                                                            const cgroup_options& wanted) {
  const auto controllers = policy::controllers_of(wanted);
  auto ready = prepare();
  if (!ready && controllers.empty()) return nullptr;
  if (ready) ready = hand_out(controllers);
  if (!ready) return fail(ready.error().code, "cannot keep the limits of its control group: " + ready.error().doing);
  auto folder = std::format("{}/{}.{}", folder_, worker, generation);
  if (auto made = tree_.make(folder); !made) return std::unexpected(made.error());
  auto group = std::make_unique<control_group>(tree_, std::move(folder));
  if (auto limited = group->limit(wanted); !limited) return std::unexpected(limited.error());
  return group;
}

result<> control_groups::prepare() {
  if (prepared_) return *prepared_;
  auto outcome = prepare_first();
  // A full table of descriptors may have a place again for the next worker.
  if (outcome || !(sys::is_shortage(outcome.error()) || sys::would_block(outcome.error()))) prepared_ = outcome;
  return outcome;
}

result<> control_groups::prepare_first() {
  const auto mountinfo = tree_.read("/proc/self/mountinfo");
  if (!mountinfo) return std::unexpected(mountinfo.error());
  const auto cgroup = tree_.read("/proc/self/cgroup");
  if (!cgroup) return std::unexpected(cgroup.error());
  const auto own = policy::group_folder(*mountinfo, *cgroup);
  if (!own) return fail(std::errc::not_supported, "version 2 of control groups is not mounted here");
  own_ = *own;
  if (!tree_.is_left_to_us(own_)) {
    return fail(std::errc::operation_not_permitted,
                "systemd has not left '" + own_ + "' to this program: its unit needs Delegate=yes");
  }
  remove_those_of_the_dead();
  auto folder = std::format("{}/{}{}-{}", own_, prefix, ::getpid(), ++managers);
  if (auto made = tree_.make(folder); !made) return made;
  // Linux 5.14. A group that cannot be killed is worth nothing here.
  if (auto killer = tree_.open(folder + "/cgroup.kill"); !killer) {
    (void)tree_.remove(folder);
    return std::unexpected(killer.error());
  }
  folder_ = std::move(folder);
  return {};
}

// A manager that was killed could not remove its own.
void control_groups::remove_those_of_the_dead() {
  for (const auto& name : tree_.folders_in(own_)) {
    const auto owner = owner_of(name);
    if (owner > 0 && !is_alive(owner)) remove_with_content(tree_, own_ + "/" + name);
  }
}

result<> control_groups::hand_out(const std::vector<std::string>& controllers) {
  std::vector<std::string> missing;
  std::ranges::copy_if(controllers, std::back_inserter(missing),
                       [&](const std::string& one) { return !std::ranges::contains(handed_out_, one); });
  if (missing.empty()) return {};
  const auto there = tree_.read(own_ + "/cgroup.controllers");
  if (!there) return std::unexpected(there.error());
  if (const auto absent = policy::missing_in(*there, missing); !absent.empty()) {
    return fail(std::errc::not_supported,
                "there is no controller '" + absent.front() + "' in '" + own_ + "', in which the manager runs");
  }
  auto done = hand_down(missing);
  if (!done && processes_are_in_the_way(done.error().code) && !aside_) {
    if (auto moved = step_aside(); !moved) return moved;
    done = hand_down(missing);
    if (!done) {
      step_back();
      return fail(done.error().code, "other processes are in '" + own_ + "', too, in which the manager runs");
    }
  }
  if (done) std::ranges::copy(missing, std::back_inserter(handed_out_));
  return done;
}

// To the groups of workers, or to nobody.
result<> control_groups::hand_down(const std::vector<std::string>& controllers) {
  const auto given = list_of(controllers, "+");
  if (auto done = tree_.write(controllers_file(own_), given); !done) return done;
  auto done = tree_.write(controllers_file(folder_), given);
  if (!done) (void)tree_.write(controllers_file(own_), list_of(controllers, "-"));
  return done;
}

result<> control_groups::step_aside() {
  const auto aside = folder_ + "/manager";
  if (auto made = tree_.make(aside); !made) return made;
  aside_ = true;
  move_ours(own_, aside);
  return {};
}

void control_groups::step_back() {
  const auto given = list_of(handed_out_, "-");
  if (!given.empty()) {
    (void)tree_.write(controllers_file(folder_), given);
    (void)tree_.write(controllers_file(own_), given);
  }
  move_ours(folder_ + "/manager", own_);
  (void)tree_.remove(folder_ + "/manager");
  aside_ = false;
}

// Again until nobody has come meanwhile: those that were not moved yet may have made others.
void control_groups::move_ours(const std::string& from, const std::string& to) {
  constexpr int most_rounds = 8;
  bool moved = true;
  for (int round = 0; moved && round < most_rounds; ++round) {
    moved = false;
    const auto there = tree_.read(from + "/cgroup.procs").value_or("");
    for (const auto* at = there.data(); at < there.data() + there.size(); ++at) {
      pid_t process = 0;
      at = std::from_chars(at, there.data() + there.size(), process).ptr;
      if (process > 0 && tree_.is_ours(process))
        moved = tree_.write(to + "/cgroup.procs", std::to_string(process)).has_value() || moved;
    }
  }
}

}  // namespace lineshaft::supervisor
