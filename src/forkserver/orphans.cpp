#include "forkserver/orphans.hpp"

#include <algorithm>
#include <array>
#include <csignal>

#include "channel/tree_mark.hpp"
#include "sys/file.hpp"
#include "sys/limits.hpp"
#include "sys/pipe.hpp"
#include "sys/relations.hpp"
#include "sys/socket.hpp"
#include "sys/wait.hpp"

namespace lineshaft::forkserver {
namespace {

using std::chrono::milliseconds;

// What is killed is gone within this time, or sleeps where no signal reaches it.
constexpr auto time_to_die = std::chrono::seconds(2);

// One read. False if there will be nothing more.
bool drain(int pipe) {
  std::array<char, 64 * 1024> unread;
  const auto got = sys::read(pipe, unread);
  return got ? *got > 0 : sys::would_block(got.error());
}

// Whoever has left the process group, too.
void kill_control_group(const made_process& one) {
  constexpr std::string_view everybody = "1";
  if (one.group_killer) (void)sys::writev(one.group_killer.get(), {&everybody, 1});
}

void kill_tree(const made_process& one) {
  // Its group may have members left. The leader is no child of ours and may be reaped at any moment,
  // but a group with members keeps its number.
  sys::kill_group(one.pid, SIGKILL);
  kill_control_group(one);
}

void signal_if_marked(pid_t pid, std::string_view mark, int signal) {
  const auto handle = sys::pidfd_open(pid);
  // Looked at with the handle at hand: the number may be somebody else's by now.
  if (handle && sys::began_with(pid, mark) == sys::answer::yes) (void)sys::pidfd_send_signal(handle->get(), signal);
}

}  // namespace

orphans::orphans(sys::poller poller, std::string marks, std::vector<made_process> made)
    : poller_(std::move(poller)), marks_(std::move(marks)), made_(std::move(made)) {}

void orphans::end(milliseconds grace) {
  sys::raise_descriptor_limit();  // a handle of each; nobody is started any more who would inherit it
  // What they print while they stop is lost, but does not stop them.
  for (const auto& one : made_)
    for (const auto& pipe : one.reading)
      if (pipe) (void)poller_.add(pipe.get());
  wake_stopped();
  find();
  wait_until(clock::now() + grace);
  kill_rest();
}

// The fork server and its spares each leave by themselves, if nobody has stopped them.
void orphans::wake_stopped() const {
  const auto of_no_tree = channel::tree_mark(marks_, 0);
  if (marks_.empty()) return;
  for (const pid_t pid : sys::all_processes()) signal_if_marked(pid, of_no_tree, SIGCONT);
}

void orphans::find() {
  for (auto& one : made_) {
    auto handle = handle_of(one);
    // The manager's death has ended it before that was noticed here.
    if (!handle && handle.error().code == std::errc::no_such_process) kill_control_group(one);
    watch(std::move(handle), &one);
  }
  for (const pid_t pid : marked())
    if (!std::ranges::contains(made_, pid, &made_process::pid)) watch(sys::pidfd_open(pid), nullptr);
}

void orphans::watch(result<unique_fd> handle, made_process* made) {
  const auto watched = handle ? poller_.add(handle->get()) : std::unexpected(handle.error());
  complete_ = complete_ && (watched || watched.error().code == std::errc::no_such_process);
  if (!watched) return;
  const int number = handle->get();
  living_.emplace(number, living{std::move(*handle), made});
}

// Those of all trees, of other fork servers of this manager too, and who may turn out to be one. The fork server and
// its spares are of no tree, and leave by themselves.
std::vector<pid_t> orphans::marked() const {
  if (marks_.empty()) return {};  // everybody's environment begins with that
  auto all = sys::all_processes();
  std::erase_if(all, [this, of_no_tree = channel::tree_mark(marks_, 0)](pid_t pid) {
    return sys::began_with(pid, marks_) == sys::answer::no || sys::began_with(pid, of_no_tree) == sys::answer::yes;
  });
  return all;
}

void orphans::wait_until(clock::time_point deadline) {
  while (!living_.empty() || !complete_) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock::now());
    if (left <= milliseconds(0)) return;
    for (const int ready : poller_.wait(left)) {
      const auto ended = living_.find(ready);
      if (ended == living_.end()) {
        if (!drain(ready)) poller_.remove(ready);
        continue;
      }
      if (ended->second.made != nullptr) kill_tree(*ended->second.made);
      poller_.remove(ready);
      living_.erase(ended);
    }
  }
}

void orphans::kill_rest() {
  for (const auto& one : made_) {
    const auto handle = handle_of(one);
    if (handle && sys::pidfd_send_signal(handle->get(), SIGKILL)) kill_tree(one);
  }
  const auto give_up = clock::now() + time_to_die;
  while (kill_marked() && clock::now() < give_up) (void)poller_.wait(milliseconds(1));
}

// True if there was anybody, who may have begun something meanwhile.
bool orphans::kill_marked() const {
  const auto left = marked();
  for (const pid_t pid : left) signal_if_marked(pid, marks_, SIGKILL);
  return !left.empty();
}

}  // namespace lineshaft::forkserver
