#pragma once
// What the fork server does when its manager has died: the workers have noticed by their channels and may take the
// grace to stop; then whoever is left of them and of their trees is killed.
#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "forkserver/offspring.hpp"
#include "sys/poll.hpp"

namespace lineshaft::forkserver {

class orphans {
 public:
  /// `marks`: what those of all trees of the manager begin with (channel/tree_mark.hpp).
  orphans(sys::poller poller, std::string marks, std::vector<made_process> made);

  /// Returns when nobody is left, or only who cannot be killed (a process in uninterruptible sleep).
  void end(std::chrono::milliseconds grace);

 private:
  using clock = std::chrono::steady_clock;

  void wake_stopped() const;
  void find();
  std::vector<pid_t> marked() const;
  void watch(result<unique_fd> handle, made_process* made);
  void wait_until(clock::time_point deadline);
  void kill_rest();
  bool kill_marked() const;

  sys::poller poller_;
  std::string marks_;
  std::vector<made_process> made_;

  struct living {
    unique_fd handle;
    made_process* made;  ///< none: known by its mark alone
  };
  std::map<int, living> living_;  ///< by handle
  bool complete_ = true;          ///< a handle of each could be had
};

}  // namespace lineshaft::forkserver
