#include "forkserver/fork_server.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "channel/tree_mark.hpp"
#include "forkserver/copy.hpp"
#include "forkserver/image_file.hpp"
#include "forkserver/orphans.hpp"
#include "forkserver/search_path.hpp"
#include "forkserver/spare.hpp"
#include "sys/descriptor.hpp"
#include "sys/fault.hpp"
#include "sys/poll.hpp"
#include "sys/process.hpp"
#include "sys/relations.hpp"
#include "sys/wait.hpp"
#include "telemetry/exporting.hpp"
#include "worker/grace.hpp"
#include "worker/process.hpp"

namespace lineshaft::forkserver {
namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

fork_server::fork_server(std::span<const worker_class> classes, unique_fd manager)
    : classes_(classes),
      manager_(std::move(manager)),
      manager_process_(sys::pidfd_open(::getppid()).value_or(unique_fd())),
      // A thread that a static initialiser has started would not exist in a copy of this process.
      can_clone_(sys::can_clone() && sys::thread_count() == 1) {}

fork_server::end fork_server::serve() {
  auto ended = end::not_yet;
  while (ended == end::not_yet) {
    sys::wait_readable(manager_.get(), manager_process_.get());
    ended = answer_one();
    // A process that the program around the manager has forked may hold the other end, and live.
    if (ended == end::not_yet && manager_process_ && sys::is_readable(manager_process_.get()))
      ended = end::manager_died;
  }
  return ended;
}

fork_server::end fork_server::answer_one() {
  auto received = channel::receive_packet(manager_.get());
  // An error is this process's own trouble, and no reason to end the manager's workers.
  if (!received) return end::not_yet;
  if (received->bytes.empty() && !received->truncated) return end::manager_died;
  return answer(std::move(*received));
}

fork_server::end fork_server::answer(channel::packet packet) {
  auto request = channel::decode_launch_request(packet.bytes);
  // Its sockets end with the packet, which tells that there is none; as an answer it would be taken for another's.
  if (packet.truncated && request && request->kind == channel::launch_kind::spare) return end::not_yet;
  if (!request || packet.truncated) {
    // Number 0 is the oldest request without an answer, which is the one that cannot be read.
    const auto number = request ? request->number : 0;
    reply({number, 0, EMFILE, "cannot start a process: its request did not reach the fork server whole"}, -1);
    return end::not_yet;
  }
  if (request->kind == channel::launch_kind::nothing) return end::manager_done;
  if (request->kind == channel::launch_kind::spare)
    make_spare(*request, std::move(packet.descriptors));
  else
    launch(std::move(*request), std::move(packet.descriptors));
  return end::not_yet;
}

void fork_server::launch(channel::launch_request request, std::vector<unique_fd> descriptors) {
  sys::reached("fork_server.asked");
  auto output = take_output_ends(request.output, descriptors);
  auto group = take_group_ends(request.cgroup.has_value(), descriptors);
  request.settings.control_group = group.entry.get();
  made_process keeping{.not_before = sys::ticks_since_boot()};
  auto made = output ? make(request, descriptors, *output) : sys::spawned{{}, std::unexpected(output.error())};
  sys::reached("fork_server.cloned");
  channel::launch_reply answer{request.number, made.process.pid, 0, {}};
  if (!made.outcome) {
    answer.code = made.outcome.error().code.value();
    answer.problem = "cannot start '" + request.image.name + "': " + made.outcome.error().doing;
  }
  reply(answer, made.process.pidfd.get());
  sys::reached("fork_server.answered");
  if (!made.outcome) return;
  keeping.pid = made.process.pid;
  keeping.not_after = sys::ticks_since_boot();
  keeping.reading = std::move(output->reading);
  keeping.group_killer = std::move(group.killer);
  made_.add(std::move(keeping));
}

// Answered over the channel of the spare, which ends if there is none. It says hello there itself, but may die before
// that, and nobody would reap it; and so may this process before it has answered.
void fork_server::make_spare(const channel::launch_request& request, std::vector<unique_fd> descriptors) {
  if (auto output = take_output_ends(request.output, descriptors))
    made_.prints(request.told, std::move(output->reading));
  if (!can_clone_ || !manager_process_ || descriptors.size() != 2) return;
  made_process keeping{.not_before = sys::ticks_since_boot()};
  auto cloned = sys::clone_as_sibling();
  if (!cloned) return;
  if (cloned->pid == 0)
    become_spare(classes_, {std::move(descriptors[0]), std::move(descriptors[1]), std::move(manager_process_)});
  const auto answer = channel::encode(channel::launch_reply{request.number, cloned->pid, 0, {}});
  (void)channel::send_packet(descriptors[0].get(), answer);
  keeping.pid = cloned->pid;
  keeping.not_after = sys::ticks_since_boot();
  made_.add(std::move(keeping));
}

sys::spawned fork_server::make(const channel::launch_request& request, std::vector<unique_fd>& descriptors,
                               const output_ends& output) {
  if (request.kind == channel::launch_kind::program) return execute_program(request, descriptors, output);
  if (descriptors.size() != 2)
    return {{}, fail(std::errc::invalid_argument, "cannot start a worker without its channel")};
  if (request.kind == channel::launch_kind::exec || !can_clone_) return execute_worker(request, descriptors, output);
  return clone_worker(request, descriptors, output);
}

sys::spawned fork_server::clone_worker(const channel::launch_request& request, std::vector<unique_fd>& descriptors,
                                       const output_ends& output) {
  const sys::settings_plan settings(request.settings);
  std::optional<sys::settings_report> report;
  if (!settings.empty()) {
    auto made = sys::settings_report::make();
    if (!made) return {{}, std::unexpected(made.error())};
    report = std::move(*made);
  }
  auto cloned = sys::clone_as_sibling();
  if (!cloned) return {{}, std::unexpected(cloned.error())};
  if (cloned->pid != 0) return {std::move(*cloned), report ? settings.outcome(report->hear()) : result<>()};
  // ---- In the copy: nothing of the fork server's must be left but its memory.
  sys::lead_group();
  if (report) {
    auto failure = settings.enter_control_group();
    if (!failure) failure = settings.apply();
    report->say(failure);
    if (failure) ::_exit(127);
  }
  keep_only(output, {descriptors[0].get(), descriptors[1].get()});
  runtime::begin_process(descriptors[0].get());
  runtime::become_worker(classes_, request.image, std::move(descriptors[0]), std::move(descriptors[1]));
}

sys::spawned fork_server::execute_worker(const channel::launch_request& request,
                                         const std::vector<unique_fd>& descriptors, const output_ends& output) {
  const auto& image = request.image;
  const sys::settings_plan settings(request.settings);
  auto file = write_image(image);
  if (!file) return {{}, std::unexpected(file.error())};
  const std::vector<std::string> argv{"lineshaft-worker " + image.name, "--lineshaft-role=worker"};
  const auto arguments = pointers_to(argv);
  const auto environment = pointers_to(image.environment);
  const std::array<const char*, 2> path{"/proc/self/exe", nullptr};
  sys::program what;
  what.paths = path.data();
  what.argv = arguments.data();
  what.environment = environment.data();
  what.descriptors[STDOUT_FILENO] = output.out.get();
  what.descriptors[STDERR_FILENO] = output.err.get();
  what.descriptors[worker_channel] = descriptors[0].get();
  what.descriptors[worker_status] = descriptors[1].get();
  what.descriptors[worker_image_file] = file->get();
  what.settings = &settings;
  return sys::spawn(what, sys::spawn_as::sibling);
}

sys::spawned fork_server::execute_program(const channel::launch_request& request, const std::vector<unique_fd>& sockets,
                                          const output_ends& output) {
  const auto candidates = search_path(request.argv.front(), request.image.environment);
  std::vector<const char*> paths;
  for (const auto& candidate : candidates) paths.push_back(candidate.c_str());
  paths.push_back(nullptr);
  const auto arguments = pointers_to(request.argv);
  auto environment = pointers_to(request.image.environment);
  const sys::settings_plan settings(request.settings);
  sys::program what;
  std::string listen_pid = "LISTEN_PID=" + std::string(12, '\0');
  if (!sockets.empty()) {
    environment.insert(environment.begin(), listen_pid.data());
    what.pid_text = listen_pid.data() + listen_pid.find('\0');
  }
  for (std::size_t number = 0; number < std::min(sockets.size(), sys::most_descriptors - 3); ++number)
    what.descriptors[3 + number] = sockets[number].get();
  what.paths = paths.data();
  what.argv = arguments.data();
  what.environment = environment.data();
  what.descriptors[STDOUT_FILENO] = output.out.get();
  what.descriptors[STDERR_FILENO] = output.err.get();
  what.settings = &settings;
  what.death_signal = SIGTERM;
  what.parent = request.image.manager;
  return sys::spawn(what, sys::spawn_as::sibling);
}

void fork_server::reply(const channel::launch_reply& reply, int pidfd) {
  const auto bytes = channel::encode(reply);
  const std::array<int, 1> handle{pidfd};
  const auto descriptors = pidfd < 0 ? std::span<const int>() : std::span<const int>(handle);
  for (;;) {
    const auto sent = channel::send_packet(manager_.get(), bytes, descriptors);
    if (sent) return;
    // The process exists, and nobody else would tell the manager: what is lacking here for a while is waited for.
    if (sys::is_shortage(sent.error()))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    else if (sys::would_block(sent.error()))
      sys::wait_writable(manager_.get());
    else
      return;
  }
}

void become_fork_server(std::span<const worker_class> classes, unique_fd manager) {
  sys::reset_signals();
  sys::lead_group();
  sys::set_name("lineshaft-forks");
  if (const char* faults = std::getenv("LINESHAFT_FAULTS")) sys::arm_faults(faults);
  telemetry::open_for_clones(environ);
  auto poller = sys::poller::make();
  if (!sys::secure_standard_descriptors() || !poller) ::_exit(70);
  fork_server server(classes, std::move(manager));
  if (server.serve() == fork_server::end::manager_died)
    orphans(std::move(*poller), channel::marks_of(std::getenv("LINESHAFT_TREE")), server.hand_over())
        .end(runtime::orphan_grace);
  ::_exit(0);
}

}  // namespace lineshaft::forkserver
