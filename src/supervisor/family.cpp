#include "supervisor/family.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <random>

#include "channel/tree_mark.hpp"
#include "sys/cgroup.hpp"
#include "sys/descent.hpp"
#include "sys/wait.hpp"

namespace lineshaft::supervisor {
namespace asio = boost::asio;
namespace {

// Of all managers in this program.
std::atomic<unsigned> families = 0;

// By chance, since the number of a process may come again, and is another's in another PID namespace.
std::string new_marks() {
  std::random_device any;
  return channel::tree_marks(std::getenv("LINESHAFT_TREE"), static_cast<std::uint64_t>(any()) << 32 | any());
}

bool has_ended(const sys::relations& known) { return known.state == 'Z'; }

bool nobody_handles_child_signals() {
  struct sigaction now{};
  return ::sigaction(SIGCHLD, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 && now.sa_handler == SIG_DFL;
}

}  // namespace

std::string family::new_mark() { return channel::tree_mark(marks_, ++last_tree_); }

std::string family::blank_mark() const { return channel::tree_mark(marks_, 0); }

family::family(asio::io_context& loop, bool owns_children) : marks_(new_marks()), owns_children_(owns_children) {
  if (families++ == 0) sys::set_child_subreaper(true);
  if (!nobody_handles_child_signals()) return;
  ended_.emplace(loop);
  // Other threads of this program must not see their calls interrupted.
  boost::system::error_code ec;
  (void)ended_->add(SIGCHLD, asio::signal_set::flags::restart, ec);
  if (!ec) wait_for_orphans();
}

family::~family() {
  if (--families == 0) sys::set_child_subreaper(false);
}

family::orphans family::orphans_of(pid_t leader, const std::string& mark, std::string_view group) {
  orphans found;
  const auto children = adopted_.read();
  for (const pid_t child : children) {
    if (leaders_.contains(child)) continue;
    const auto known = sys::relations_of(child);
    if (!known) continue;
    const bool near =
        known->group == leader || known->session == leader || (!group.empty() && sys::is_in_cgroup(child, group));
    const auto began = near ? sys::answer::yes : sys::began_with(child, mark);
    if (began == sys::answer::yes) found.known.push_back(child);
    if (began == sys::answer::not_yet) found.complete = false;
  }
  // One that has ended meanwhile, and told nothing any more, may have left children of its own.
  if (!children.empty() && adopted_.read() != children) found.complete = false;
  return found;
}

family::orphans family::unannounced(const std::string& mark) const {
  orphans found;
  for (const pid_t one : sys::children_of_this_thread()) {
    const auto known = sys::relations_of(one);
    if (leaders_.contains(one) || !known || has_ended(*known)) continue;
    const auto began = sys::began_with(one, mark);
    if (began == sys::answer::yes) found.known.push_back(one);
    // Before its execve(2) it is in the memory of the fork server.
    if (began == sys::answer::not_yet || sys::began_with(one, blank_mark()) == sys::answer::yes) found.complete = false;
  }
  return found;
}

void family::wait_for_orphans() {
  ended_->async_wait([this](boost::system::error_code ec, int) {
    if (ec) return;
    reap_orphans();
    if (tell_) tell_();
    wait_for_orphans();
  });
}

// The environment of one that has ended is gone: its group or session has to tell, or that there is nobody else.
void family::reap_orphans() {
  for (const pid_t child : adopted_.read()) {
    const auto known = sys::relations_of(child);
    if (!known || !has_ended(*known) || leaders_.contains(child)) continue;
    if (owns_children_ || leaders_.contains(known->group) || leaders_.contains(known->session))
      (void)sys::reap_pid(child);
  }
}

}  // namespace lineshaft::supervisor
