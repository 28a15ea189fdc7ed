#include "supervisor/launcher.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <csignal>
#include <utility>

#include "channel/tree_mark.hpp"
#include "policy/worker_life.hpp"
#include "sys/clone.hpp"
#include "sys/descent.hpp"
#include "sys/wait.hpp"

namespace lineshaft::supervisor {
namespace asio = boost::asio;
namespace {

sys::spawned spawn_fork_server(int socket, std::string mark) {
  const std::array<const char*, 2> path{"/proc/self/exe", nullptr};
  std::array<char*, 3> argv{const_cast<char*>("lineshaft-fork-server"),
                            const_cast<char*>("--lineshaft-role=fork-server"), nullptr};
  std::vector<char*> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    if (!std::string_view(*entry).starts_with(channel::tree_variable)) environment.push_back(*entry);
  // Each worker is a copy: what the fork server has not resolved, every one of them would have to, on pages of its own.
  // Workers get an environment of their own, without this.
  environment.push_back(const_cast<char*>("LD_BIND_NOW=1"));
  environment.push_back(mark.data());
  environment.push_back(nullptr);
  sys::program what;
  what.paths = path.data();
  what.argv = argv.data();
  what.environment = environment.data();
  what.descriptors[channel::fork_server_socket] = socket;
  return sys::spawn(what, sys::spawn_as::child);
}

}  // namespace

error launcher::fork_server_died() {
  return {std::make_error_code(std::errc::connection_reset), "cannot start a process: the fork server died"};
}

error launcher::fork_server_stuck() {
  return {std::make_error_code(std::errc::timed_out), "cannot start a process: the fork server hung, and was killed"};
}

result<> launcher::prepare() {
  if (stream_) return {};
  auto ends = sys::socketpair();
  if (!ends) return std::unexpected(ends.error());
  auto made = spawn_fork_server((*ends)[1].get(), relatives_.blank_mark());
  if (!made.outcome) {
    reaper_.take(std::move(made.process.pidfd));
    return fail(made.outcome.error().code, "cannot start the fork server: " + made.outcome.error().doing);
  }
  if (pidfd_) reaper_.take(unique_fd(pidfd_->release()));  // the one before, which is just ending
  pidfd_.emplace(loop_, made.process.pidfd.release());
  relatives_.forget(std::exchange(pid_, made.process.pid));
  relatives_.leads(pid_);
  wait_for_end();
  stream_.emplace(
      loop_, std::move((*ends)[0]), [this](channel::packet packet) { arrived(std::move(packet)); },
      [this] { ended(); });
  return {};
}

void launcher::launch(channel::launch_request request, std::vector<unique_fd> descriptors, on_launched answered) {
  if (auto prepared = prepare(); !prepared) return answer_later(std::move(answered), prepared.error());
  if (waiting_.empty()) heard_ = std::chrono::steady_clock::now();
  request.number = ++last_number_;
  waiting_.emplace(request.number, std::move(answered));
  auto sent = stream_->send(channel::encode(request), std::move(descriptors));
  if (sent) return;
  // A peer that is gone is told by `ended`, which fails this one with the others.
  if (sent.error().code == std::errc::broken_pipe || sent.error().code == std::errc::connection_reset) return;
  auto failed = waiting_.extract(request.number);
  if (!failed.empty()) answer_later(std::move(failed.mapped()), sent.error());
}

// Never inside launch(): its caller has not finished with the beginning of the life that ends here.
void launcher::answer_later(on_launched answered, error why) {
  boost::asio::post(loop_, [answered = std::move(answered), why = std::move(why)] { answered(std::unexpected(why)); });
}

void launcher::arrived(channel::packet packet) {
  heard_ = std::chrono::steady_clock::now();
  const auto reply = channel::decode_launch_reply(packet.bytes);
  if (!reply) return;
  // Number 0: a request that could not be read, which can only be the oldest.
  const auto found = reply->number == 0 ? waiting_.begin() : waiting_.find(reply->number);
  if (found == waiting_.end()) return;
  const auto answered = std::move(found->second);
  waiting_.erase(found);

  auto pidfd = packet.descriptors.empty() ? unique_fd() : std::move(packet.descriptors.front());
  if (!reply->problem.empty()) {
    reaper_.take(std::move(pidfd));
    return answered(fail({reply->code, std::system_category()}, reply->problem));
  }
  if (!pidfd) {
    // The table was full when the handle came. A process that cannot be watched must not run.
    reaper_.kill(reply->pid);
    return answered(fail(std::errc::too_many_files_open, "cannot watch a new process"));
  }
  answered(launched{reply->pid, std::move(pidfd)});
  if (waiting_.empty()) ask_for_spares({.kind = channel::launch_kind::spare}, {});
}

std::optional<launched_spare> launcher::launch_spare(const channel::launch_request& request,
                                                     std::vector<unique_fd>& output) {
  auto made = spares_.become(request, output);
  if (made)
    ask_for_spares({.kind = channel::launch_kind::spare, .output = request.output, .told = made->process.pid},
                   std::move(output));
  return made;
}

// `output`: of the one that was just told to become a worker, for the fork server to keep.
void launcher::ask_for_spares(channel::launch_request wish, std::vector<unique_fd> output) {
  if (!prepare()) return;
  auto descriptors = spares_.one_more();
  while (stream_ && !(descriptors.empty() && output.empty())) {
    std::ranges::move(output, std::back_inserter(descriptors));
    output.clear();
    (void)stream_->send(channel::encode(wish), std::move(descriptors));
    wish = {.kind = channel::launch_kind::spare};
    descriptors = spares_.one_more();
  }
}

void launcher::wait_for_end() {
  pidfd_->async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code ec) {
    if (ec) return;
    if (!sys::reap(pidfd_->native_handle())) return wait_for_end();
    pidfd_.reset();
    ended();
    patience_.cancel();
    tell_if_closed();
  });
}

void launcher::tell_if_closed() {
  if (pidfd_ || !spares_.none()) return;
  if (const auto tell = std::exchange(closed_, {})) tell();
}

void launcher::replace_if_stuck() {
  // It makes one after the other: with many to make it is no wonder that one waits.
  const bool busy = std::chrono::steady_clock::now() - heard_ < policy::launch_patience / 2;
  if (!stream_ || busy) return;
  kill_unknown();
  if (pidfd_) (void)sys::pidfd_send_signal(pidfd_->native_handle(), SIGKILL);
  // Not when it has gone: what waits for a disk may not even be killed.
  stream_.reset();
  for (auto& [number, answered] : std::exchange(waiting_, {})) answer_later(std::move(answered), fork_server_stuck());
}

// Processes that it has made and could not report, one and its spares: nobody would ever watch them.
void launcher::kill_unknown() {
  for (const pid_t child : sys::children_of_this_thread()) {
    const auto known = sys::relations_of(child);
    const bool made_by_it = known && (known->group == child || known->group == pid_);
    if (relatives_.is_led_by(child) || !made_by_it) continue;
    auto handle = sys::pidfd_open(child);
    if (!handle) {
      reaper_.kill(child);
      continue;
    }
    (void)sys::pidfd_send_signal(handle->get(), SIGKILL);
    reaper_.take(std::move(*handle));
  }
}

void launcher::close(std::chrono::milliseconds patience, std::function<void()> closed) {
  if (stream_) (void)stream_->send(channel::encode(channel::launch_request{.kind = channel::launch_kind::nothing}), {});
  stream_.reset();
  closed_ = std::move(closed);
  spares_.close([this] { tell_if_closed(); });
  if (!pidfd_) return;
  patience_.expires_after(patience);
  patience_.async_wait([this](boost::system::error_code ec) {
    if (!ec && pidfd_) (void)sys::pidfd_send_signal(pidfd_->native_handle(), SIGKILL);
  });
}

// Its socket or its process has ended, whichever was seen first; the next launch makes another.
void launcher::ended() {
  stream_.reset();
  for (auto& [number, answered] : std::exchange(waiting_, {})) answered(std::unexpected(fork_server_died()));
}

}  // namespace lineshaft::supervisor
