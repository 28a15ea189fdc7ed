#pragma once
// What any thread may know of the workers at any moment, without asking the supervisor.
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reclaimer.hpp"
#include "lineshaft/status.hpp"
#include "output/account.hpp"
#include "status/block_memory.hpp"

namespace lineshaft::supervisor {

/// What a worker is in its pipeline.
struct worker_place {
  std::string class_name;  ///< empty: a program
  std::string family;      ///< the name without the number of a replica
  bool essential = false;
  std::vector<std::string> after;  ///< the workers that it waits for
};

struct cpu_times {
  std::chrono::microseconds user{}, system{};
};

/// How its processes ended, the oldest first. Each record is made once and shared: it may hold many lines.
using past_exits = std::vector<std::shared_ptr<const exit_record>>;

/// One worker as the supervisor saw it last. Never changed once published.
struct worker_view : std::enable_shared_from_this<worker_view> {
  worker_status known;                                 ///< all but what the worker writes itself, and the last exit
  std::chrono::steady_clock::time_point started;       ///< of the living process
  std::shared_ptr<const status::manager_block> block;  ///< the living process's figures
  past_exits exits;
  std::shared_ptr<const worker_figures> past;     ///< what the counters of the dead processes add up to, if any died
  cpu_times past_times;                           ///< of the dead processes, in all
  std::shared_ptr<const output::account> output;  ///< of what is captured
  std::optional<std::chrono::steady_clock::time_point> next_attempt;
  std::optional<std::chrono::steady_clock::time_point> beat;  ///< a program's last WATCHDOG=1
  std::chrono::milliseconds stop_timeout{}, start_timeout{};
  worker_place place;
};

/// The supervisor publishes; any thread reads. Neither waits for the other.
class directory {
 public:
  using view = std::shared_ptr<const worker_view>;

  directory() { list({}); }

  void publish(const std::string& name, view what);
  void remove(const std::string& name);
  view find(std::string_view name) const;
  std::vector<view> all() const;

 private:
  struct entry {
    std::string name;
    view owned;  ///< the writer's
    std::atomic<const worker_view*> last = nullptr;
  };
  using listing = std::vector<const entry*>;  ///< by name

  void list(listing next);

  std::map<std::string, std::shared_ptr<entry>, std::less<>> entries_;  ///< the writer's
  std::shared_ptr<const listing> owned_;
  std::atomic<const listing*> listed_ = nullptr;
  reclaimer readers_;
};

/// The status at this moment: what the supervisor knows, and what the worker's block says now. Of the dead the last
/// figures, with the flags down.
worker_status status_of(const worker_view& view, std::chrono::steady_clock::time_point asked);

}  // namespace lineshaft::supervisor
