// [worker.NAME] and the tables inside it.
#include "config/pipeline_keys.hpp"
#include "config/worker_forms.hpp"

namespace lineshaft::config {
namespace {

struct factor_range {
  static constexpr double least = 1, most = 1000;
};
struct processors_range {
  static constexpr double least = 0, most = 1024;
};
struct jitter_range {
  static constexpr double least = 0, most = 1;
};

struct restart_section {
  using type = restart_policy;
  static const keys<type>& all() { return restart_keys(); }
};
struct restart_in_short {
  using form = form::one_of<words::restart_modes>;
  static void set(restart_policy& into, restart_mode given) { into.mode = given; }
};

struct watchdog_section {
  using type = watchdog_options;
  static const keys<type>& all() { return watchdog_keys(); }
};
struct watchdog_in_short {
  using form = form::duration;
  static void set(watchdog_options& into, std::chrono::milliseconds given) { into.timeout = given; }
};

struct output_section {
  using type = output_options;
  static const keys<type>& all() { return output_keys(); }
};
struct cgroup_section {
  using type = cgroup_options;
  static const keys<type>& all() { return cgroup_keys(); }
};
struct limit_section {
  using type = resource_limits;
  static const keys<type>& all() { return limit_keys(); }
};

using nice_number = form::whole<int, -20, 19>;
using processor = form::whole<unsigned, 0, 1023>;
using exit_code = form::whole<int, 0, 255>;

keys<start_options> process_keys() {
  using how = start_options;
  return {
      make_key<form::variables>("env", &how::env,
                                "Environment variables, on top of the manager's and the pipeline's, and winning over "
                                "them."),
      make_key<form::boolean>("clear_env", &how::clear_env,
                              "Nothing of the manager's environment, but what a worker is given and `env`."),
      make_key<form::text>("working_directory", &how::working_directory,
                           "Where the process runs; empty: where the manager does."),
      make_key<form::section<limit_section>>("limits", &how::limits, "Limits of setrlimit(2), by their names there."),
      make_key<form::section<cgroup_section>>("cgroup", &how::cgroup,
                                              "A control group of its own, for everything that it starts, too; `{}` "
                                              "sets no limit."),
      make_key<form::user>("user", &how::user, "Whom the process runs as, with that user's groups."),
      make_key<nice_number>("nice", &how::nice, "The nice value; without: the manager's."),
      make_key<form::list<processor>>("cpu_affinity", &how::cpu_affinity,
                                      "The processors that it may run on; empty: the manager's."),
      make_key<form::whole<int, -1000, 1000>>(
          "oom_score_adj", &how::oom_score_adj,
          "How gladly the kernel kills it when memory runs out; without: the manager's value."),
      make_key<form::boolean>("no_new_privs", &how::no_new_privs,
                              "No program that it executes gains privileges by that."),
      make_key<form::umask>("umask", &how::umask, "The umask; without: the manager's."),
      make_key<form::section<output_section>>("output", &how::output,
                                              "Where its standard output and standard error go."),
  };
}

// One key, two fields.
key<start_options> ready_key() {
  return {"ready",
          form::readiness::expected(),
          R"("start")",
          "When it counts as ready: when `start()` is entered or the program runs; when it says so (`context.ready()`, "
          "READY=1 of sd_notify); or as long as a connection is accepted, or a request answered with 2xx.",
          form::readiness::schema(),
          [](const value& from, const std::string& path, start_options& into, faults& found) {
            form::readiness_wish wish;
            if (!form::read_scalar<form::readiness>(from, path, wish, found)) return;
            into.ready = wish.when;
            into.probe = wish.probe;
          }};
}

keys<start_options> life_keys() {
  using how = start_options;
  return {
      make_key<form::dependencies>(
          "after", &how::after,
          "What has to be true of other workers before this one is launched, the first time and "
          "every time after."),
      ready_key(),
      make_key<form::duration>("start_timeout", &how::start_timeout,
                               "How long it may take to become ready; passing it is a failure."),
      make_key<form::short_or_section<restart_section, restart_in_short>>(
          "restart", &how::restart, "Whether and when it is started again; a mode alone, or a table."),
      make_key<form::short_or_section<watchdog_section, watchdog_in_short>>(
          "watchdog", &how::watchdog,
          "Ends a worker that is alive and does not do its work; a timeout alone, or a table."),
      make_key<form::duration>("stop_timeout", &how::stop_timeout,
                               "How long a stop of it may take; then its process tree is killed. Not more than the "
                               "pipeline's, which also bounds the default."),
      make_key<form::list<form::rung, 1>>("stop", &how::stop,
                                          "The signals that ask it to leave, each with the time that it has."),
      make_key<form::one_of<words::kinds>>("kind", &how::kind,
                                           "A service runs until it is stopped; a task's end with success is its "
                                           "completion."),
      make_key<form::list<exit_code, 1>>("success_exit_codes", &how::success_exit_codes,
                                         "Of a program: the exit codes that count as success."),
      make_key<form::one_of<words::methods>>("method", &how::method,
                                             "Of a worker class: cloned from the fork server, or the program executed "
                                             "again."),
      make_key<form::duration>("max_lifetime", &how::max_lifetime, "Then it is replaced, ± 10 %."),
      make_key<form::size>("max_memory", &how::max_memory, "It is replaced when its process uses more; 0: no bound."),
      make_key<form::variables>(
          "listen", &how::listen,
          "Sockets that the manager holds, NAME = \"ADDRESS:PORT\" or \"unix:PATH\": a program finds them as "
          "LISTEN_FDS, a worker class by `context.listen(NAME)`."),
      make_key<form::text>("group", &how::group, "The group with which it stands and falls."),
      make_key<form::boolean>("essential", &how::essential,
                              "Its final failure stops the pipeline, which ends with exit code 10."),
  };
}

keys<read_worker> make_worker_keys() {
  keys<worker_spec> of_spec{
      make_key<form::text>("class", &worker_spec::class_name,
                           "The worker class, one of this program's (`lineshaft classes`). Either this or `command`."),
      make_key<form::free_table>("options", &worker_spec::options, "The options of the worker class."),
      make_key<form::list<form::text, 1>>("command", &worker_spec::command,
                                          "A program and its arguments; without a slash it is looked up in PATH."),
      make_key<form::whole<std::uint32_t, 0, 10000>>(
          "replicas", &worker_spec::replicas,
          "As many processes, named NAME-0, NAME-1 and so on; without: one, of the plain name."),
  };
  for (const auto& part : {life_keys(), process_keys()})
    std::ranges::move(lift(part, &worker_spec::how), std::back_inserter(of_spec));
  auto all = lift(of_spec, &read_worker::spec);
  all.push_back(make_key<form::list<form::text, 1>>("profiles", &read_worker::profiles,
                                                    "It is only there when one of these profiles is asked for: "
                                                    "`--profile`."));
  return all;
}

}  // namespace

const keys<restart_policy>& restart_keys() {
  using policy = restart_policy;
  static const keys<policy> all{
      make_key<form::one_of<words::restart_modes>>("mode", &policy::mode, "When it is started again."),
      make_key<form::duration>("delay", &policy::delay, "Before the first restart in a row."),
      make_key<form::number<factor_range>>("factor", &policy::factor, "How much longer each delay is than the last."),
      make_key<form::duration>("max_delay", &policy::max_delay, "What the delay grows to."),
      make_key<form::number<jitter_range>>("jitter", &policy::jitter, "By what part of itself a delay is spread, ±."),
      make_key<form::restart_limit>("limit", &policy::limit,
                                    "How many restarts in what time; the next one is not made, and the worker has "
                                    "failed. Without: no limit."),
      make_key<form::duration>("forgive_after", &policy::forgive_after,
                               "Ready for so long in one piece, the delay begins from its start again."),
  };
  return all;
}

const keys<watchdog_options>& watchdog_keys() {
  static const keys<watchdog_options> all{
      make_key<form::duration>("timeout", &watchdog_options::timeout,
                               "Of a worker class: how long one handler may keep the event loop. Of a program: how "
                               "long it may be silent (WATCHDOG=1 of sd_notify). 0: this is not watched."),
      make_key<form::watchdog_ladder>(
          "ladder", &watchdog_options::ladder,
          "What is done then. The stack of a worker class is written down in any case; then "
          "the signals, one after the other, and SIGKILL in the end. No signal: it is only "
          "recorded."),
      make_key<form::duration>(
          "progress", &watchdog_options::progress,
          "Of a worker class: how long messages may wait in a `local:` queue that it consumes without "
          "`processed` moving; 0: this is not watched."),
  };
  return all;
}

const keys<output_options>& output_keys() {
  using output = output_options;
  static const keys<output> all{
      make_key<form::one_of<words::destinations>>(
          "to", &output::to,
          "`file`: `log_dir/NAME.log`, rotated; `memory`: the last lines alone, for the exit record; `inherit`: the "
          "manager's own; `null`: nowhere. Without: a file where there is a `log_dir`, else inherited."),
      make_key<form::one_of<words::overflows>>("when_full", &output::when_full,
                                               "What happens when the file cannot take it fast enough: the worker "
                                               "waits, or what is lost is counted."),
      make_key<form::size>("rotate_size", &output::rotate_size, "A file of that size is rotated; 0: not by size."),
      make_key<form::whole<std::uint32_t, 0, 999>>("rotate_count", &output::rotate_count, "Old files that are kept."),
      make_key<form::duration>("rotate_age", &output::rotate_age, "A file that old is rotated; 0: not by age."),
      make_key<form::boolean>("compress", &output::compress, "Old files, by zstd."),
  };
  return all;
}

const keys<cgroup_options>& cgroup_keys() {
  static const keys<cgroup_options> all{
      make_key<form::size>(
          "memory_max", &cgroup_options::memory_max,
          "Memory of the whole tree; where it does not suffice the kernel kills all of it. 0: no bound."),
      make_key<form::number<processors_range>>("cpu_max", &cgroup_options::cpu_max,
                                               "Processors that the whole tree may use, not less than 0.01; 0: all."),
  };
  return all;
}

const keys<resource_limits>& limit_keys() {
  using limits = resource_limits;
  using limit = form::resource_limit;
  static const keys<limits> all{
      make_key<limit>("as", &limits::as, "Bytes of address space."),
      make_key<limit>("core", &limits::core, "Bytes of a core file; 0: none is written."),
      make_key<limit>("cpu", &limits::cpu, "Seconds of CPU time."),
      make_key<limit>("data", &limits::data, "Bytes of data and heap."),
      make_key<limit>("fsize", &limits::fsize, "Bytes of any file that it writes."),
      make_key<limit>("memlock", &limits::memlock, "Bytes locked in memory."),
      make_key<limit>("msgqueue", &limits::msgqueue, "Bytes in POSIX message queues."),
      make_key<limit>("nice", &limits::nice, "20 - n: down to which nice value n it may go."),
      make_key<limit>("nofile", &limits::nofile, "The first descriptor number that it cannot have."),
      make_key<limit>("nproc", &limits::nproc, "Processes and threads of its user."),
      make_key<limit>("rtprio", &limits::rtprio, "Real-time priority."),
      make_key<limit>("rttime", &limits::rttime, "Microseconds of real-time CPU without a blocking call."),
      make_key<limit>("sigpending", &limits::sigpending, "Signals that wait."),
      make_key<limit>("stack", &limits::stack, "Bytes of the main thread's stack."),
  };
  return all;
}

const keys<read_worker>& worker_keys() {
  static const keys<read_worker> all = make_worker_keys();
  return all;
}

}  // namespace lineshaft::config
