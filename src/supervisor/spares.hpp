#pragma once
// The manager's side of spares (forkserver/spare.hpp): processes made in advance, of which one becomes a worker by a
// single packet.
#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "channel/launch_messages.hpp"
#include "status/block_memory.hpp"
#include "supervisor/family.hpp"
#include "supervisor/reaper.hpp"

namespace lineshaft::supervisor {

struct launched {
  pid_t pid = 0;
  unique_fd pidfd;
};

/// A process that has become a worker: its end of the channel and its block are where the worker's are.
struct launched_spare {
  launched process;
  unique_fd channel;
  std::shared_ptr<const status::manager_block> block;
};

/// Used from the supervisor's thread alone.
class spares {
 public:
  spares(boost::asio::io_context& loop, reaper& undertaker, family& relatives)
      : loop_(loop), undertaker_(undertaker), relatives_(relatives) {}

  /// The descriptors of one more, to be passed on in a request. None: there are enough, or there can be no more.
  std::vector<unique_fd> one_more();
  /// Makes one the worker of that request, with descriptors of its output. Never the last, who is there to end all
  /// others if nobody else is left. Nothing: the fork server has to be asked.
  std::optional<launched_spare> become(const channel::launch_request& request,
                                       const std::vector<unique_fd>& descriptors);

  /// Ends them all, also those that are only being made. Tells once, when none is left.
  void close(std::function<void()> closed);
  bool none() const { return all_.empty(); }

 private:
  struct spare;

  void listen_to(const std::shared_ptr<spare>& one);
  void heard(const std::shared_ptr<spare>& one);
  void lost(std::shared_ptr<spare> one);
  void remove(std::shared_ptr<spare> one);
  void end(std::shared_ptr<spare> one);

  boost::asio::io_context& loop_;
  reaper& undertaker_;
  family& relatives_;
  std::vector<std::shared_ptr<spare>> all_;
  std::function<void()> closed_;
};

}  // namespace lineshaft::supervisor
