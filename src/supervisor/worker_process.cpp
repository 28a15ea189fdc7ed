#include "supervisor/worker_process.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <utility>

#include "supervisor/environment.hpp"
#include "supervisor/worker_ends.hpp"
#include "telemetry/environment.hpp"
#include "telemetry/utf8.hpp"

namespace lineshaft::supervisor {
namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// A killed process goes as soon as it has given its memory back.
constexpr auto tree_patience = std::chrono::seconds(5);

}  // namespace

worker_process::worker_process(means by, process_events& events)
    : by_(by), events_(events), look_again_(by.loop), self_(std::make_shared<worker_process*>(this)) {}

result<std::unique_ptr<process>> worker_process::launch(means by, channel::launch_request request,
                                                        std::vector<unique_fd> sockets, const process_output& output,
                                                        process_events& events) {
  auto made = std::make_unique<worker_process>(by, events);
  auto for_worker = std::move(sockets);
  const bool is_program = request.kind == channel::launch_kind::program;
  auto opened = is_program ? made->open_notify_socket(request.image) : result<>();
  if (opened) opened = made->open_group(request, for_worker);
  if (opened) opened = made->open_output(output, request, for_worker);
  if (!opened) return std::unexpected(opened.error());
  made->mark_ = by.relatives.new_mark();
  telemetry::erase_variable(request.image.environment, "LINESHAFT_TREE");  // of a manager that is a worker itself
  request.image.environment.push_back(made->mark_);
  if (auto spare = by.launches.launch_spare(request, for_worker)) {
    made->take_over(std::move(*spare));
    return made;
  }
  if (!is_program) opened = made->open_channel(for_worker);
  if (!opened) return std::unexpected(opened.error());
  by.launches.launch(std::move(request), std::move(for_worker),
                     [weak = std::weak_ptr(made->self_)](result<launched> answer) {
                       if (const auto self = weak.lock()) (*self)->launch_answered(std::move(answer));
                     });
  return made;
}

result<> worker_process::open_channel(std::vector<unique_fd>& for_worker) {
  auto ends = make_worker_ends();
  if (!ends) return std::unexpected(ends.error());
  block_ = std::move(ends->block);
  listen_at(std::move(ends->channel));
  std::ranges::move(for_worker, std::back_inserter(ends->of_process));
  for_worker = std::move(ends->of_process);
  return {};
}

void worker_process::listen_at(unique_fd channel) {
  channel_.emplace(
      by_.loop, std::move(channel), [this](channel::packet packet) { arrived(std::move(packet)); },
      [this] { channel_closed(); });
}

void worker_process::take_over(launched_spare spare) {
  block_ = std::move(spare.block);
  listen_at(std::move(spare.channel));
  // Not at once: whoever launches has not finished with the beginning of its life.
  asio::post(by_.loop, [weak = std::weak_ptr(self_), made = std::move(spare.process)] mutable {
    if (const auto self = weak.lock()) (*self)->adopt(std::move(made));
  });
}

result<> worker_process::open_group(channel::launch_request& request, std::vector<unique_fd>& for_worker) {
  if (!request.cgroup) return {};
  auto group = by_.groups.make(request.image.name, request.image.generation, *request.cgroup);
  if (!group) return std::unexpected(group.error());
  group_ = std::move(*group);
  if (!group_) {
    request.cgroup.reset();
    return {};
  }
  auto entry = group_->entry();
  auto killer = group_->killer();
  if (!entry || !killer) return std::unexpected(entry ? killer.error() : entry.error());
  for_worker.push_back(std::move(*entry));
  for_worker.push_back(std::move(*killer));
  return {};
}

result<> worker_process::open_output(const process_output& output, channel::launch_request& request,
                                     std::vector<unique_fd>& for_worker) {
  using channel::output_kind;
  request.output = output.captured()                  ? output_kind::captured
                   : output.how.to == output_to::null ? output_kind::discarded
                                                      : output_kind::inherited;
  if (!output.captured()) return {};
  auto opened = by_.outputs.open(request.image.name, request.image.generation, output.how, output.counts);
  if (!opened) return std::unexpected(opened.error());
  for_worker.push_back(std::move(opened->out));
  for_worker.push_back(std::move(opened->err));
  for (auto& end : opened->reading) for_worker.push_back(std::move(end));
  output_ = std::move(opened->captured);
  return {};
}

result<> worker_process::open_notify_socket(channel::worker_image& image) {
  auto made = sys::bind_notify_socket();
  if (!made) return std::unexpected(made.error());
  notifications_.emplace(by_.loop, std::move(*made), events_);
  set_variable(image.environment, "NOTIFY_SOCKET", notifications_->address());
  return {};
}

void worker_process::launch_answered(result<launched> answer) {
  if (answer) return adopt(std::move(*answer));
  if (answer.error().code != std::errc::connection_reset) return events_.process_not_launched(answer.error());
  lost_answer_ = std::move(answer.error());
  if (!channel_) return look_for_program();
  if (said_hello_ != 0) arrived_without_answer();
}

// A program says nothing by itself: it is found by its mark, if it was made.
void worker_process::look_for_program() {
  const auto found = by_.relatives.unannounced(mark_);
  if (!found.known.empty()) {
    said_hello_ = found.known.front();
    return arrived_without_answer();
  }
  if (found.complete) return events_.process_not_launched(error(*lost_answer_));
  look_again_after(&worker_process::look_for_program);
}

// The fork server died after it had made the process: it is known all the same, and is our child.
void worker_process::arrived_without_answer() {
  auto pidfd = sys::pidfd_open(said_hello_);
  if (pidfd) return adopt({said_hello_, std::move(*pidfd)});
  sys::kill_group(said_hello_, SIGKILL);
  events_.process_not_launched(pidfd.error());
}

void worker_process::adopt(launched made) {
  lost_answer_.reset();
  pid_ = made.pid;
  by_.relatives.leads(pid_);
  started_ = steady_clock::now();
  pidfd_.emplace(by_.loop, made.pidfd.release());
  wait_for_end();
  const std::weak_ptr alive(self_);
  events_.process_launched();
  if (alive.expired()) return;
  if (notifications_) notifications_->listen_to(pid_);
  // What it said before the fork server had said that it exists.
  for (const auto& message : std::exchange(early_, {})) events_.process_said(message);
}

void worker_process::wait_for_end() {
  pidfd_->async_wait(asio::posix::stream_descriptor::wait_read,
                     [this, weak = std::weak_ptr(self_)](boost::system::error_code ec) {
                       if (ec || weak.expired()) return;
                       const auto ended = sys::has_ended(pidfd_->native_handle());
                       if (ended && !*ended) return wait_for_end();
                       is_ours_ = ended.has_value();
                       probe_.reset();
                       // Its last words may still be in the channel.
                       if (channel_) channel_->drain();
                       if (notifications_ && is_ours_) notifications_->drain();
                       if (!weak.expired()) kill_orphans();
                     });
}

// What is left of its group is killed with it, and becomes our child as do the others of its tree. They may have
// children themselves, which come to us when they are gone: again until nobody comes.
void worker_process::kill_orphans() {
  if (!tree_patience_) {
    tree_patience_.emplace(by_.loop, tree_patience);
    tree_patience_->async_wait([this, weak = std::weak_ptr(self_)](boost::system::error_code ec) {
      if (!ec && !weak.expired()) give_up_tree();
    });
  }
  // While the leader is a zombie of ours its number is its group's alone.
  if (is_ours_) sys::kill_group(pid_, SIGKILL);
  if (group_) group_->kill();
  const auto found = by_.relatives.orphans_of(pid_, mark_, group_ ? group_->name() : "");
  for (const pid_t one : found.known) {
    if (std::ranges::contains(resisting_, one)) continue;
    auto handle = sys::pidfd_open(one);
    if (!handle) {
      by_.undertaker.kill(one);
      continue;
    }
    const auto sent = sys::pidfd_send_signal(handle->get(), SIGKILL);
    // Of another user, as what sudo(8) runs: it ends when it wants to.
    if (!sent && sent.error().code == std::errc::operation_not_permitted) {
      leave_behind(one, std::move(*handle));
    } else {
      orphans_.push_back({one, std::make_unique<asio::posix::stream_descriptor>(by_.loop, handle->release())});
    }
  }
  if (!orphans_.empty()) return wait_for_orphans();
  if (group_ && group_->populated()) return wait_for_group();
  if (found.complete) return events_.process_ended();
  look_again_after(&worker_process::kill_orphans);
}

// Somebody is inside execve(2), which takes as long as the disk does, and nothing tells of its end.
void worker_process::look_again_after(void (worker_process::*look)()) {
  look_again_.expires_after(std::chrono::milliseconds(1));
  look_again_.async_wait([this, look, weak = std::weak_ptr(self_)](boost::system::error_code ec) {
    if (!ec && !weak.expired()) (this->*look)();
  });
}

void worker_process::wait_for_orphans() {
  orphans_.back().handle->async_wait(asio::posix::stream_descriptor::wait_read,
                                     [this, weak = std::weak_ptr(self_)](boost::system::error_code ec) {
                                       if (ec || weak.expired()) return;
                                       (void)sys::reap(orphans_.back().handle->native_handle());
                                       orphans_.pop_back();
                                       if (!orphans_.empty()) return wait_for_orphans();
                                       kill_orphans();
                                     });
}

void worker_process::leave_behind(pid_t pid, unique_fd handle) {
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), name);
  resisting_.push_back(pid);
  left_behind_.push_back(std::to_string(pid) + " (" + telemetry::well_formed_utf8(name) + ")");
  by_.undertaker.take(std::move(handle));
}

// Somebody is in uninterruptible sleep. Whoever waits for the worker must not wait for a device.
void worker_process::give_up_tree() {
  for (auto& one : orphans_) leave_behind(one.pid, unique_fd(one.handle->release()));
  orphans_.clear();
  if (group_ && group_->populated()) left_behind_.push_back("somebody in its control group");
  events_.process_ended();
}

// Those of its control group that are not ours yet: killed, too, and on their way.
void worker_process::wait_for_group() {
  auto news = group_->news();
  if (!news) return events_.process_ended();
  group_news_.emplace(by_.loop, news->release());
  // Everybody may have gone before there was anything to wait with.
  if (!group_->populated())
    return boost::asio::post(by_.loop, [this, weak = std::weak_ptr(self_)] {
      if (!weak.expired()) kill_orphans();
    });
  group_news_->async_wait(asio::posix::stream_descriptor::wait_error,
                          [this, weak = std::weak_ptr(self_)](boost::system::error_code ec) {
                            if (!ec && !weak.expired()) kill_orphans();
                          });
}

void worker_process::arrived(channel::packet packet) {
  const auto message = channel::decode_worker_message(packet.bytes);
  if (!message) return;
  if (const auto* hello = std::get_if<channel::hello>(&*message)) {
    if (said_hello_ == 0) said_hello_ = hello->pid;
    if (lost_answer_) arrived_without_answer();
    return;
  }
  if (pid_ == 0) {
    early_.push_back(*message);
  } else {
    events_.process_said(*message);
  }
}

void worker_process::channel_closed() {
  channel_.reset();
  if (!lost_answer_) return;
  if (said_hello_ != 0) (void)sys::reap_pid(said_hello_);
  events_.process_not_launched(error(*lost_answer_));
}

void worker_process::give_up_launch() {
  if (!lost_answer_) return by_.launches.replace_if_stuck();
  // It holds its end of the channel and says nothing, so it waits for a disk. Should that come back, it finds the
  // channel closed, and leaves.
  asio::post(by_.loop, [this, weak = std::weak_ptr(self_)] {
    if (!weak.expired() && lost_answer_) events_.process_not_launched(error(*lost_answer_));
  });
}

void worker_process::ask_to_leave(policy::time_point deadline, int by) {
  if (channel_) {
    tell(channel::shutdown{deadline}, {});
  } else {
    signal(by);
  }
  signal(SIGCONT);  // a stopped process would see what it is told only after its deadline
}

void worker_process::tell(const channel::manager_message& message, std::vector<unique_fd> descriptors) {
  // A packet that cannot be sent is a process that is gone or hostile: its end, or the deadline, follows.
  if (channel_) (void)channel_->send(channel::encode(message), std::move(descriptors));
}

void worker_process::probe(const policy::probe_target& target) {
  probe_.emplace(by_.loop, target, [this](std::optional<bool> changed, const std::string& why_not) {
    events_.process_probed(changed, why_not);
  });
}

void worker_process::kill() {
  signal(SIGKILL);
  if (is_ours_) sys::kill_group(pid_, SIGKILL);
  if (group_) group_->kill();
}

void worker_process::signal(int signal) {
  if (pidfd_) (void)sys::pidfd_send_signal(pidfd_->native_handle(), signal);
}

sys::exit_status worker_process::reap() {
  by_.relatives.forget(pid_);
  auto status = sys::reap(pidfd_->native_handle()).value_or(sys::exit_status{.known = false});
  status.out_of_memory = group_ && status.code == -SIGKILL && group_->ran_out_of_memory();
  return status;
}

std::vector<std::string> worker_process::last_output() {
  if (!output_) return {};
  auto lines = by_.outputs.process_ended(output_);
  for (auto& line : lines) line = telemetry::well_formed_utf8(line);
  return lines;
}

}  // namespace lineshaft::supervisor
