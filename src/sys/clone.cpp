#include "sys/clone.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "sys/descriptor.hpp"
#include "sys/error.hpp"
#include "sys/fault.hpp"
#include "sys/process.hpp"

// glibc's own name for clone(2): ThreadSanitizer intercepts the other, and takes a child that shares our memory
// for a forked one.
extern "C" int __clone(int (*function)(void*), void* stack, int flags, void* argument, ...) noexcept;  // NOLINT

namespace lineshaft::sys {
namespace {

// glibc caches the thread id in its thread control block and has told the kernel where (set_tid_address(2)).
int* tid_address() noexcept {
  int* address = nullptr;
  if (::prctl(PR_GET_TID_ADDRESS, &address) != 0) return nullptr;
  return address;
}

struct robust_list {
  robust_list_head* head = nullptr;
  std::size_t size = 0;
};

robust_list get_robust_list() noexcept {
  robust_list list;
  ::syscall(SYS_get_robust_list, 0, &list.head, &list.size);
  return list;
}

enum class step : std::uint8_t { nothing, group, descriptors, settings, death_signal, orphaned, execute };

std::size_t bytes_of(const program& what) {
  std::size_t bytes = 0;
  for (char* const* texts : {what.argv, what.environment})
    for (; *texts != nullptr; ++texts) bytes += std::strlen(*texts) + 1;
  return bytes;
}

std::string describe(step at, int code, const program& what) {
  switch (at) {
    case step::group: return "cannot make a process group";
    case step::death_signal: return "cannot ask for the parent's death";
    case step::orphaned: return "cannot start: the manager is gone";
    case step::descriptors: return "cannot place the standard descriptors";
    default: break;
  }
  auto cannot = std::string("cannot execute '") + what.argv[0] + "'";
  // The system's text is of arguments alone, and most often it is the environment.
  if (code != E2BIG) return cannot;
  return cannot + " with " + std::to_string(bytes_of(what)) + " bytes of arguments and environment";
}

// Shared with the child, which runs in this memory until it has executed.
struct spawn_request {
  const program* what;
  step failed_at = step::nothing;
  int code = 0;
  settings_failure setting;
};

// ---- From here to the end of `child_main`: between clone() and execve(), in the parent's memory on a
// ---- stack of its own. No allocation, no logging, no exceptions, _exit(2) and never exit().

// It does not return, and is not declared so: before such a call AddressSanitizer clears the shadow of the stack, of
// which it does not know that it is another one here.
void die(spawn_request& request, step at, int code) noexcept {
  request.failed_at = at;
  request.code = code;
  ::syscall(SYS_exit_group, 127);
}

void place(spawn_request& request, int from, int to) noexcept {
  if (::dup2(from, to) < 0) die(request, step::descriptors, errno);
}

void place_descriptors(spawn_request& request) noexcept {
  // Above every target first, so that no dup2() overwrites what is still to be placed.
  auto from = request.what->descriptors;
  for (int& fd : from) {
    if (fd >= 0 && (fd = ::fcntl(fd, F_DUPFD_CLOEXEC, most_descriptors)) < 0) die(request, step::descriptors, errno);
  }
  auto kept = no_descriptors();
  for (int standard = 0; standard < 3; ++standard) kept[static_cast<std::size_t>(standard)] = standard;
  for (std::size_t target = 0; target < from.size(); ++target) {
    if (from[target] < 0) continue;
    place(request, from[target], static_cast<int>(target));
    kept[target] = static_cast<int>(target);
  }
  close_all_except(kept);
}

void write_number(char* to, pid_t number) noexcept {
  std::array<char, 11> digits{};
  std::size_t count = 0;
  for (; number > 0; number /= 10) digits[count++] = static_cast<char>('0' + number % 10);
  while (count > 0) *to++ = digits[--count];
  *to = 0;
}

void execute_first(spawn_request& request) noexcept {
  const auto& what = *request.what;
  int code = ENOENT;
  for (auto path = what.paths; *path != nullptr; ++path) {
    ::execve(*path, what.argv, what.environment);
    // As execvp(3): a file that may not be executed is reported, but a later candidate may do.
    if (errno != ENOENT && errno != ENOTDIR) code = errno;
    if (code != ENOENT && code != EACCES) break;
  }
  die(request, step::execute, code);
}

int child_main(void* argument) {
  auto& request = *static_cast<spawn_request*>(argument);
  const auto& what = *request.what;
  reset_signals();
  if (what.own_group && ::setpgid(0, 0) < 0) die(request, step::group, errno);
  if (what.settings != nullptr) {
    request.setting = what.settings->enter_control_group();
    if (request.setting) die(request, step::settings, request.setting.code);
  }
  place_descriptors(request);
  if (what.settings != nullptr) {
    request.setting = what.settings->apply();
    if (request.setting) die(request, step::settings, request.setting.code);
  }
  // After the change of user, which clears it.
  if (what.death_signal != 0) {
    if (::prctl(PR_SET_PDEATHSIG, what.death_signal) < 0) die(request, step::death_signal, errno);
    if (::getppid() != what.parent) die(request, step::orphaned, ESRCH);
  }
  if (what.pid_text != nullptr) write_number(what.pid_text, ::getpid());
  execute_first(request);
  return 127;
}

// ---- End of the clone–exec region.

result<> outcome_of(const spawn_request& request) {
  if (request.failed_at == step::nothing) return {};
  if (request.failed_at == step::settings) return request.what->settings->outcome(request.setting);
  return fail({request.code, std::system_category()}, describe(request.failed_at, request.code, *request.what));
}

// The child's stack. Made once: the caller is suspended while the child uses it, and a guard page ends it.
std::byte* spawn_stack_top() {
  constexpr std::size_t size = 64 * 1024;
  thread_local std::byte* const base = [] {
    void* made = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (made == MAP_FAILED) return static_cast<std::byte*>(nullptr);
    ::mprotect(made, 4096, PROT_NONE);
    return static_cast<std::byte*>(made);
  }();
  return base == nullptr ? nullptr : base + size;
}

}  // namespace

bool can_clone() noexcept { return !injected("prctl") && tid_address() != nullptr; }

result<cloned> clone_as_sibling() {
  if (auto ec = injected("clone3")) return fail(ec, "cannot clone a process");
  const auto tid = reinterpret_cast<std::uint64_t>(tid_address());
  const auto list = get_robust_list();
  int pidfd = -1;
  clone_args arguments{};
  arguments.flags = CLONE_PARENT | CLONE_PIDFD | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
  arguments.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  arguments.child_tid = tid;
  const auto pid = static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
  if (pid < 0) return fail(last_error(), "cannot clone a process");
  if (pid == 0) {
    ::syscall(SYS_set_robust_list, list.head, list.size);
    return cloned{};
  }
  return cloned{pid, unique_fd{pidfd}};
}

spawned spawn(const program& what, spawn_as how) {
  if (auto ec = injected("clone")) return {{}, fail(ec, "cannot clone a process")};
  auto* stack = spawn_stack_top();
  if (stack == nullptr) return {{}, fail(std::errc::not_enough_memory, "cannot clone a process")};
  spawn_request request{&what};
  int pidfd = -1;
  int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
  if (how == spawn_as::sibling) flags |= CLONE_PARENT;
  const blocked_signals none_here;  // a handler must not run in the child, in our memory
  const auto pid = ::__clone(child_main, stack, flags, &request, &pidfd, nullptr, nullptr);
  if (pid < 0) return {{}, fail(last_error(), "cannot clone a process")};
  return {{pid, unique_fd{pidfd}}, outcome_of(request)};
}

}  // namespace lineshaft::sys
