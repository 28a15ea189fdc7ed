#pragma once
// What `lineshaft top` knows and shows: the workers as they were seen last, what is selected, sorted and filtered.
// Pure.
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lineshaft::top {

using seconds = std::chrono::duration<double>;
using time_point = std::chrono::steady_clock::time_point;

/// Of a process, by /proc/PID/stat.
struct usage {
  seconds cpu{};
  std::uint64_t resident_bytes = 0;
};

struct row {
  std::string name, family, state, error;
  bool ready = false;
  std::optional<std::int64_t> pid;
  std::int64_t generation = 0, restarts = 0, processed = 0, errors = 0;
  std::chrono::milliseconds uptime{};
  std::optional<std::chrono::milliseconds> age;  ///< none: nothing in it beats
  std::optional<std::chrono::milliseconds> next_start;
  std::vector<std::string> after;
  const boost::json::object* status = nullptr;  ///< everything that the manager has said of it, until the next look

  std::optional<double> rate;     ///< messages a second, since the last look
  std::deque<double> past_rates;  ///< the last ones, oldest first
  std::optional<double> cpu;      ///< share of one processor
  std::uint64_t resident_bytes = 0;
};

enum class order { name, rate, cpu, memory, restarts, state };
std::string_view to_string(order by);

class model {
 public:
  static constexpr std::size_t kept_rates = 60;

  model() = default;
  // Its rows point into what it has seen.
  model(model&&) = default;
  model& operator=(model&&) = default;

  /// An answer of GET /v1/status, and what owns the memory that it is in, if it does not itself.
  void saw(boost::json::object status, time_point now, std::shared_ptr<void> memory = {});
  void measured(const std::map<std::int64_t, usage>& by_pid, time_point now);
  /// The manager does not answer.
  void lost(std::string why) { lost_ = std::move(why); }

  const std::string& pipeline() const { return pipeline_; }
  const std::string& lost() const { return lost_; }
  std::int64_t manager_pid() const { return manager_pid_; }
  std::chrono::milliseconds manager_uptime() const { return manager_uptime_; }
  std::size_t count() const { return rows_.size(); }
  std::size_t ready() const;
  std::vector<std::int64_t> pids() const;
  /// Processes of that family, whatever the filter shows.
  std::size_t replicas_of(const std::string& family) const;

  /// Those that pass the filter, in order.
  std::vector<const row*> shown() const;
  /// The selected one: it stays selected wherever the order moves it.
  const row* selected() const;
  void move(std::ptrdiff_t by);
  void select(std::string name) { selected_ = std::move(name); }

  order sorted_by() const { return order_; }
  void sort_by_next();
  const std::string& filter() const { return filter_; }
  void filter(std::string text) { filter_ = std::move(text); }

 private:
  struct answer {
    std::shared_ptr<void> memory;
    boost::json::object status;
  };
  struct look {
    std::int64_t pid = 0;
    seconds cpu{};
  };

  std::unique_ptr<const answer> last_;  ///< what the rows point into
  std::string pipeline_, lost_, filter_, selected_;
  std::int64_t manager_pid_ = 0;
  std::chrono::milliseconds manager_uptime_{};
  std::optional<time_point> seen_, measured_;
  std::map<std::string, row> rows_;
  std::map<std::string, look> looks_;
  order order_ = order::name;
};

/// "▁▂▃█" as wide as that, the newest on the right, the highest as high as it goes.
std::string sparkline(const std::deque<double>& values, std::size_t width);

/// "12.3k", "950": in five columns.
std::string short_number(double value);
/// "3.4M": bytes.
std::string short_bytes(std::uint64_t bytes);
/// "12s", "3m", "5h", "2d"; "0.4s" below ten seconds.
std::string short_span(std::chrono::milliseconds span);

}  // namespace lineshaft::top
