#include "forkserver/fork_server.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "forkserver/image_file.hpp"
#include "forkserver/search_path.hpp"
#include "sys/descriptor.hpp"
#include "sys/fault.hpp"
#include "sys/file.hpp"
#include "sys/pipe.hpp"
#include "sys/process.hpp"
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

bool place(const output_ends& output) {
  if (output.out && !sys::dup2(output.out.get(), STDOUT_FILENO)) return false;
  return !output.err || sys::dup2(output.err.get(), STDERR_FILENO).has_value();
}

// One read. False if there will be nothing more.
bool drain(int pipe) {
  std::array<char, 64 * 1024> unread;
  const auto got = sys::read(pipe, unread);
  return got ? *got > 0 : sys::would_block(got.error());
}

}  // namespace

fork_server::fork_server(std::span<const worker_class> classes, unique_fd manager, sys::poller poller)
    : classes_(classes),
      manager_(std::move(manager)),
      poller_(std::move(poller)),
      // A thread that a static initialiser has started would not exist in a copy of this process.
      can_clone_(sys::can_clone() && sys::thread_count() == 1) {}

void fork_server::serve() {
  while (!orphaned_) {
    for (const int ready : poller_.wait(std::nullopt)) {
      if (ready == manager_.get()) {
        answer_all();
      } else {
        forget(ready);
      }
    }
  }
  end_orphans();
}

void fork_server::answer_all() {
  for (;;) {
    auto received = channel::receive_packet(manager_.get());
    // An error is this process's own trouble, and no reason to end the manager's workers.
    if (!received) return;
    if (received->bytes.empty() && !received->truncated) {
      orphaned_ = true;
      return;
    }
    answer(std::move(*received));
  }
}

void fork_server::answer(channel::packet packet) {
  auto request = channel::decode_launch_request(packet.bytes);
  if (!request || packet.truncated) {
    // Number 0 is the oldest request without an answer, which is the one that cannot be read.
    const auto number = request ? request->number : 0;
    return reply({number, 0, EMFILE, "cannot start a process: its request did not reach the fork server whole"}, -1);
  }
  launch(std::move(*request), std::move(packet.descriptors));
}

void fork_server::launch(channel::launch_request request, std::vector<unique_fd> descriptors) {
  sys::reached("fork_server.asked");
  auto output = take_output_ends(request.output, descriptors);
  auto group = take_group_ends(request.cgroup.has_value(), descriptors);
  request.settings.control_group = group.entry.get();
  auto made = output ? make(request, descriptors, *output) : sys::spawned{{}, std::unexpected(output.error())};
  sys::reached("fork_server.cloned");
  channel::launch_reply answer{request.number, made.process.pid, 0, {}};
  if (!made.outcome) {
    answer.code = made.outcome.error().code.value();
    answer.problem = "cannot start '" + request.image.name + "': " + made.outcome.error().doing;
  }
  reply(answer, made.process.pidfd.get());
  sys::reached("fork_server.answered");
  if (made.outcome) watch({std::move(made.process), std::move(output->reading), std::move(group.killer)});
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
  if (!place(output)) ::_exit(127);
  std::array<int, 5> kept{0, 1, 2, descriptors[0].get(), descriptors[1].get()};
  sys::close_all_except(kept);
  sys::clear_injected();
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
    if (sent || !sys::would_block(sent.error())) return;
    sys::wait_writable(manager_.get());
  }
}

void fork_server::watch(running one) {
  const int handle = one.process.pidfd.get();
  if (poller_.add(handle)) running_.emplace(handle, std::move(one));
}

void fork_server::forget(int pidfd) {
  poller_.remove(pidfd);
  // The manager does that, too; unless its death is what ended the process, and has not been noticed here yet.
  kill_control_group(running_.at(pidfd));
  for (const auto& pipe : running_.at(pidfd).reading) poller_.remove(pipe.get());
  running_.erase(pidfd);
}

// The manager is gone: its workers have noticed by their channels, and may take the grace to stop.
void fork_server::end_orphans() {
  using clock = std::chrono::steady_clock;
  using std::chrono::milliseconds;
  // Closing alone would not do: a copy of this process that is still young may hold the socket too.
  poller_.remove(manager_.get());
  manager_.reset();
  read_orphans();
  const auto deadline = clock::now() + runtime::orphan_grace;
  while (!running_.empty()) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock::now());
    if (left <= milliseconds(0)) break;
    for (const int ready : poller_.wait(left)) {
      const auto ended = running_.find(ready);
      if (ended == running_.end()) {
        if (!drain(ready)) poller_.remove(ready);
        continue;
      }
      // Its group may have members left. The leader is no child of ours and may be reaped at any moment,
      // but a group with members keeps its number.
      sys::kill_group(ended->second.process.pid, SIGKILL);
      forget(ready);
    }
  }
  for (const auto& [handle, one] : running_) {
    if (sys::pidfd_send_signal(handle, SIGKILL)) sys::kill_group(one.process.pid, SIGKILL);
    kill_control_group(one);
  }
}

// Whoever has left the process group, too.
void fork_server::kill_control_group(const running& one) {
  constexpr std::string_view everybody = "1";
  if (one.group_killer) (void)sys::writev(one.group_killer.get(), {&everybody, 1});
}

// What they print while they stop is lost, but does not stop them.
void fork_server::read_orphans() {
  for (const auto& [handle, one] : running_) {
    for (const auto& pipe : one.reading) {
      if (pipe) (void)poller_.add(pipe.get());
    }
  }
}

void become_fork_server(std::span<const worker_class> classes, unique_fd manager) {
  sys::reset_signals();
  sys::lead_group();
  sys::set_name("lineshaft-forks");
  if (const char* faults = std::getenv("LINESHAFT_FAULTS")) sys::arm_faults(faults);
  telemetry::open_for_clones(environ);
  auto poller = sys::poller::make();
  if (!sys::secure_standard_descriptors() || !poller || !poller->add(manager.get())) ::_exit(70);
  fork_server server(classes, std::move(manager), std::move(*poller));
  server.serve();
  ::_exit(0);
}

}  // namespace lineshaft::forkserver
