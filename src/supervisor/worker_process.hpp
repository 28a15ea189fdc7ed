#pragma once
// One real process of a worker: asked for, adopted, listened to, reaped.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <optional>

#include "channel/packet_stream.hpp"
#include "output/outputs.hpp"
#include "supervisor/control_groups.hpp"
#include "supervisor/family.hpp"
#include "supervisor/kernel.hpp"
#include "supervisor/launcher.hpp"
#include "supervisor/notify_receiver.hpp"
#include "supervisor/readiness_probe.hpp"

namespace lineshaft::supervisor {

/// The real one: a child, its pidfd, its channel and its status block. It has ended when its whole tree has.
/// Destroying it closes every descriptor.
class worker_process final : public process {
 public:
  struct means {
    boost::asio::io_context& loop;
    family& relatives;
    launcher& launches;
    reaper& undertaker;
    output::outputs& outputs;
    control_groups& groups;
  };

  /// Starts the launch. Without a channel and a block for a program.
  static result<std::unique_ptr<process>> launch(means by, channel::launch_request request,
                                                 std::vector<unique_fd> sockets, const process_output& output,
                                                 process_events& events);
  worker_process(means by, process_events& events);

  pid_t pid() const override { return pid_; }
  policy::time_point started() const override { return started_; }
  const std::shared_ptr<const status::manager_block>& block() const override { return block_; }

  void give_up_launch() override;
  void ask_to_leave(policy::time_point deadline, int signal) override;
  void signal(int signal) override;
  void tell(const channel::manager_message& message, std::vector<unique_fd> descriptors) override;
  void probe(const policy::probe_target& target) override;
  void kill() override;
  std::vector<std::string> left_behind() const override { return left_behind_; }
  sys::exit_status reap() override;
  std::vector<std::string> last_output() override;
  sys::vitals vitals() const override { return sys::vitals_of(pid_); }
  bool stopped_or_continued() override { return pidfd_ && sys::stopped_or_continued(pidfd_->native_handle()); }

 private:
  result<> open_channel(std::vector<unique_fd>& for_worker);
  result<> open_output(const process_output& output, channel::launch_request& request,
                       std::vector<unique_fd>& for_worker);
  result<> open_group(channel::launch_request& request, std::vector<unique_fd>& for_worker);
  result<> open_notify_socket(channel::worker_image& image);
  void listen_at(unique_fd channel);
  void take_over(launched_spare spare);
  void launch_answered(result<launched> answer);
  void adopt(launched made);
  void look_for_program();
  void arrived_without_answer();
  void arrived(channel::packet packet);
  void channel_closed();
  void wait_for_end();
  void kill_orphans();
  void look_again_after(void (worker_process::*look)());
  void wait_for_orphans();
  void wait_for_group();
  void leave_behind(pid_t pid, unique_fd handle);
  void give_up_tree();

  struct orphan {
    pid_t pid = 0;
    std::unique_ptr<boost::asio::posix::stream_descriptor> handle;
  };

  means by_;
  process_events& events_;
  std::shared_ptr<const status::manager_block> block_;
  std::shared_ptr<output::capture> output_;  ///< none: it is not captured
  std::optional<channel::packet_stream> channel_;
  std::optional<notify_receiver> notifications_;  ///< of a program
  std::optional<readiness_probe> probe_;
  std::optional<boost::asio::posix::stream_descriptor> pidfd_;
  std::unique_ptr<control_group> group_;  ///< none: it is in the manager's
  std::optional<boost::asio::posix::stream_descriptor> group_news_;
  std::string mark_;                                        ///< of its tree
  std::vector<orphan> orphans_;                             ///< killed, not yet gone
  std::vector<pid_t> resisting_;                            ///< known, and never gone
  std::vector<std::string> left_behind_;                    ///< these, as somebody reads it
  std::optional<boost::asio::steady_timer> tree_patience_;  ///< since its first process has ended
  boost::asio::steady_timer look_again_;                    ///< for orphans
  pid_t pid_ = 0;
  pid_t said_hello_ = 0;
  std::vector<channel::worker_message> early_;  ///< said before it was known to exist
  std::optional<error> lost_answer_;            ///< the fork server died first: only the process can say that it exists
  bool is_ours_ = true;                         ///< not reaped by something else in this program
  policy::time_point started_{};
  std::shared_ptr<worker_process*> self_;  ///< for answers that come when this is gone
};

}  // namespace lineshaft::supervisor
