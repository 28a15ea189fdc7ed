#include "sys/process_settings.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "base/settings_text.hpp"
#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

// ---- From here to the end of `steps`: between clone() and execve(), perhaps in the parent's memory.
// ---- No allocation, no logging, no locks. Identities change by the system calls themselves: glibc's
// ---- wrappers would signal "all other threads" of a process that this one is not.

int enter_group(const process_settings& wanted, std::uint8_t&) noexcept {
  return ::write(wanted.control_group, "0", 1) < 0 ? errno : 0;
}

int set_oom_score_adj(const process_settings& wanted, std::uint8_t&) noexcept {
  char text[16];
  const auto end = std::to_chars(text, text + sizeof text, *wanted.oom_score_adj).ptr;
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  const int code = ::write(file, text, static_cast<std::size_t>(end - text)) < 0 ? errno : 0;
  ::close(file);
  return code;
}

int set_limits(const process_settings& wanted, std::uint8_t& index) noexcept {
  for (index = 0; index < wanted.limits.size(); ++index) {
    const auto& one = wanted.limits[index];
    const rlimit value{one.value.soft, one.value.hard};
    if (::setrlimit(static_cast<__rlimit_resource>(one.resource), &value) < 0) return errno;
  }
  return 0;
}

int set_nice(const process_settings& wanted, std::uint8_t&) noexcept {
  return ::setpriority(PRIO_PROCESS, 0, *wanted.nice) < 0 ? errno : 0;
}

int set_cpu_affinity(const process_settings& wanted, std::uint8_t&) noexcept {
  cpu_set_t asked, got;
  CPU_ZERO(&asked);
  for (const auto cpu : wanted.cpus) CPU_SET(cpu, &asked);
  if (::sched_setaffinity(0, sizeof asked, &asked) < 0) return errno;
  if (::sched_getaffinity(0, sizeof got, &got) < 0) return errno;
  // The kernel drops without a word what is offline or outside this process's cpuset.
  return CPU_EQUAL(&asked, &got) ? 0 : EINVAL;
}

int set_groups(const process_settings& wanted, std::uint8_t&) noexcept {
  const auto& groups = wanted.user->groups;
  return ::syscall(SYS_setgroups, groups.size(), groups.data()) < 0 ? errno : 0;
}

int set_gid(const process_settings& wanted, std::uint8_t&) noexcept {
  const auto gid = wanted.user->gid;
  return ::syscall(SYS_setresgid, gid, gid, gid) < 0 ? errno : 0;
}

int set_uid(const process_settings& wanted, std::uint8_t&) noexcept {
  const auto uid = wanted.user->uid;
  return ::syscall(SYS_setresuid, uid, uid, uid) < 0 ? errno : 0;
}

int give_up_capabilities(const process_settings&, std::uint8_t&) noexcept {
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3]{};
  return ::syscall(SYS_capset, &header, none) < 0 ? errno : 0;
}

int set_umask(const process_settings& wanted, std::uint8_t&) noexcept {
  ::umask(*wanted.umask);
  return 0;
}

int set_working_directory(const process_settings& wanted, std::uint8_t&) noexcept {
  return ::chdir(wanted.working_directory.c_str()) < 0 ? errno : 0;
}

int set_no_new_privs(const process_settings&, std::uint8_t&) noexcept {
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? errno : 0;
}

struct step {
  const char* call;  ///< its name for tests that inject faults
  bool (*wanted)(const process_settings&);
  int (*take)(const process_settings&, std::uint8_t& index) noexcept;
};

// In the order of settings_step.
constexpr std::array<step, settings_steps> steps{{
    {"cgroup.procs", [](const process_settings& s) { return s.control_group >= 0; }, enter_group},
    {"oom_score_adj", [](const process_settings& s) { return s.oom_score_adj.has_value(); }, set_oom_score_adj},
    {"setrlimit", [](const process_settings& s) { return !s.limits.empty(); }, set_limits},
    {"setpriority", [](const process_settings& s) { return s.nice.has_value(); }, set_nice},
    {"sched_setaffinity", [](const process_settings& s) { return !s.cpus.empty(); }, set_cpu_affinity},
    {"setgroups", [](const process_settings& s) { return s.user.has_value(); }, set_groups},
    {"setresgid", [](const process_settings& s) { return s.user.has_value(); }, set_gid},
    {"setresuid", [](const process_settings& s) { return s.user.has_value(); }, set_uid},
    {"capset", [](const process_settings& s) { return s.user && s.user->uid != 0; }, give_up_capabilities},
    {"umask", [](const process_settings& s) { return s.umask.has_value(); }, set_umask},
    {"chdir", [](const process_settings& s) { return !s.working_directory.empty(); }, set_working_directory},
    {"no_new_privs", [](const process_settings& s) { return s.no_new_privs; }, set_no_new_privs},
}};

// ---- End of the clone–exec region, but for apply().

std::string text_of(const settings_failure& failure, const process_settings& settings) {
  switch (failure.step) {
    case settings_step::control_group: return "cannot enter its control group";
    case settings_step::oom_score_adj: return oom_score_adj_text(*settings.oom_score_adj);
    case settings_step::limits: {
      const auto& limit = settings.limits[failure.index];
      return limit_text(limit_name(limit.resource), limit.value);
    }
    case settings_step::nice: return nice_text(*settings.nice);
    case settings_step::cpu_affinity: return cpu_affinity_text(settings.cpus);
    case settings_step::groups: return user_text(settings.user->name) + ": cannot set its supplementary groups";
    case settings_step::gid: return user_text(settings.user->name) + ": cannot change to its group";
    case settings_step::uid: return user_text(settings.user->name);
    case settings_step::capabilities: return user_text(settings.user->name) + ": cannot give up capabilities";
    case settings_step::umask: return umask_text(*settings.umask);
    case settings_step::working_directory: return working_directory_text(settings.working_directory);
    case settings_step::no_new_privs: return "cannot set no_new_privs";
    case settings_step::none: break;
  }
  return "cannot set a process up: it died before it was";
}

}  // namespace

settings_plan::settings_plan(const process_settings& settings) : settings_(settings) {
  for (std::size_t at = 0; at < steps.size(); ++at) {
    if (!steps[at].wanted(settings)) continue;
    empty_ = false;
    injected_[at] = injected(steps[at].call).value();
  }
}

settings_failure settings_plan::take(std::size_t first, std::size_t last) const noexcept {
  settings_failure failure;
  for (std::size_t at = first; at < last && !failure; ++at) {
    if (!steps[at].wanted(settings_)) continue;
    failure.code = injected_[at] != 0 ? injected_[at] : steps[at].take(settings_, failure.index);
    if (failure) failure.step = static_cast<settings_step>(at);
  }
  return failure;
}

settings_failure settings_plan::enter_control_group() const noexcept { return take(0, 1); }

settings_failure settings_plan::apply() const noexcept {
  const int dumpable = ::prctl(PR_GET_DUMPABLE);
  const auto failure = take(1, steps.size());
  // A change of user takes it away: from a clone, which then could leave no core and not read its own /proc,
  // and in shared memory from the parent too.
  if (settings_.user) ::prctl(PR_SET_DUMPABLE, dumpable == 1 ? 1 : 0);
  return failure;
}

result<> settings_plan::outcome(const settings_failure& failure) const {
  if (!failure) return {};
  return fail({failure.code, std::system_category()}, text_of(failure, settings_));
}

result<settings_report> settings_report::make() {
  if (auto ec = injected("pipe2")) return fail(ec, "cannot make a pipe");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return fail(last_error(), "cannot make a pipe");
  return settings_report(unique_fd(ends[0]), unique_fd(ends[1]));
}

void settings_report::say(const settings_failure& failure) const noexcept {
  // Smaller than PIPE_BUF, into an empty pipe: neither blocks nor comes in parts.
  [[maybe_unused]] const auto written = ::write(to_.get(), &failure, sizeof failure);
}

settings_failure settings_report::hear() {
  to_.reset();
  settings_failure failure;
  for (;;) {
    const auto size = ::read(from_.get(), &failure, sizeof failure);
    if (size == static_cast<ssize_t>(sizeof failure)) return failure;
    if (size < 0 && errno == EINTR) continue;
    return {settings_step::none, 0, ECHILD};
  }
}

}  // namespace lineshaft::sys
