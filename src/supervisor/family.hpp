#pragma once
// The children of this process that nobody here made: what a worker's tree leaves behind comes to the manager
// (PR_SET_CHILD_SUBREAPER), is told from the children of others, and never stays a zombie.
#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sys/relations.hpp"

namespace lineshaft::supervisor {

/// On the supervisor's thread alone, of which our own processes are children; orphans are children of the main thread.
class family {
 public:
  /// Hears of SIGCHLD where this program does nothing with it. Where it does, an orphan that ends by itself is
  /// reaped by that, or with the next worker that ends.
  family(boost::asio::io_context& loop, bool owns_children);
  ~family();
  family(const family&) = delete;
  family& operator=(const family&) = delete;

  /// The variable in the environment of all processes of one tree, and of no other.
  std::string new_mark();
  /// The same for a fork server: of no tree, a place for it in each of its clones, and its beginning is that of all
  /// of this family.
  std::string blank_mark() const;

  /// A process of ours, worker or fork server: no orphan.
  void leads(pid_t leader) { leaders_.insert(leader); }
  void forget(pid_t leader) { leaders_.erase(leader); }
  bool is_led_by(pid_t leader) const { return leaders_.contains(leader); }
  struct orphans {
    std::vector<pid_t> known;  ///< living or ended
    bool complete = true;      ///< nobody else is there that may turn out to be one
  };
  /// Tells of every SIGCHLD that it hears: a child may have been stopped, too.
  void on_news(std::function<void()> tell) { tell_ = std::move(tell); }
  /// Those of that tree, known by its mark or by its control group, if it has one. All of them come here once the
  /// leader has ended.
  orphans orphans_of(pid_t leader, const std::string& mark, std::string_view group);
  /// Our own child with that mark, of which a fork server that died has not told.
  orphans unannounced(const std::string& mark) const;

 private:
  void wait_for_orphans();
  void reap_orphans();

  const std::string marks_;  ///< what they all begin with
  std::uint64_t last_tree_ = 0;
  bool owns_children_;
  std::set<pid_t> leaders_;
  sys::adopted_children adopted_;
  std::function<void()> tell_;
  std::optional<boost::asio::signal_set> ended_;
};

}  // namespace lineshaft::supervisor
