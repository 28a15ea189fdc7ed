#include "supervisor/held_queues.hpp"

#include <algorithm>
#include <utility>

#include "lineshaft/queue_account.hpp"
#include "supervisor/names.hpp"
#include "sys/descriptor.hpp"
#include "sys/socket.hpp"

namespace lineshaft::supervisor {

namespace {

// What may wait in one queue before its producers wait: a burst of some thousand events.
constexpr int queue_bytes = 4 * 1024 * 1024;
// A queue is two descriptors of the manager, for ever, and each end of a process a mapping as long as that lives: a
// worker that makes up new names all the time must not take them from all others.
constexpr std::size_t most_queues = 1024, most_ends_of_a_process = 1024;

}  // namespace

struct held_queues::queue {
  unique_fd for_producers, for_consumers;
  std::mutex mutex;                                      ///< for what follows
  std::uint64_t sent = 0, done = 0, lost = 0;            ///< of the processes that have ended
  std::vector<std::weak_ptr<process_queues::end>> open;  ///< of the living ones
};

struct process_queues::end {
  std::shared_ptr<held_queues::queue> of;
  queue_role role;
  sys::mapping account;

  queue_counts counts() const {
    return role == queue_role::producer ? read_producer_account(account.bytes().data())
                                        : read_consumer_account(account.bytes().data());
  }
};

held_queues::held_queues() = default;
held_queues::~held_queues() = default;

std::uint64_t process_queues::process_ended() {
  std::uint64_t lost = 0;
  for (const auto& end : std::exchange(ends_, {})) {
    const auto counts = end->counts();
    const std::scoped_lock lock(end->of->mutex);
    end->of->sent += counts.sent;
    end->of->done += counts.done;
    end->of->lost += counts.in_flight;
    lost += counts.in_flight;
  }
  return lost;
}

result<held_queue> held_queues::open(std::string_view name, queue_role role, process_queues& of_process) {
  if (of_process.ends_.size() >= most_ends_of_a_process)
    return fail(std::errc::too_many_files_open, "cannot open queue '" + std::string(name) +
                                                    "': this process has opened " +
                                                    std::to_string(most_ends_of_a_process) + " already");
  auto queue = find_or_make(name);
  if (!queue) return std::unexpected(queue.error());
  const bool producer = role == queue_role::producer;
  auto socket = sys::duplicate((producer ? (*queue)->for_producers : (*queue)->for_consumers).get());
  if (!socket) return std::unexpected(socket.error());
  const auto size = queue_account_size(role);
  auto account = sys::sealed_memory("lineshaft-account", size);
  if (!account) return std::unexpected(account.error());
  auto memory = sys::map(account->get(), size, sys::access::read_only);
  if (!memory) return std::unexpected(memory.error());
  auto end = std::make_shared<process_queues::end>(*queue, role, std::move(*memory));
  const std::scoped_lock lock((*queue)->mutex);
  std::erase_if((*queue)->open, [](const auto& gone) { return gone.expired(); });
  (*queue)->open.push_back(end);
  of_process.ends_.push_back(std::move(end));
  return held_queue{std::move(*socket), std::move(*account)};
}

result<std::shared_ptr<held_queues::queue>> held_queues::find_or_make(std::string_view name) {
  if (const auto found = queues_.find(name); found != queues_.end()) return found->second;
  if (auto fits = check_name(name); !fits) return std::unexpected(fits.error());
  if (queues_.size() >= most_queues)
    return fail(std::errc::too_many_files_open, "cannot make queue '" + std::string(name) + "': the manager holds " +
                                                    std::to_string(most_queues) + " already");
  auto ends = sys::socketpair();
  if (!ends) return std::unexpected(ends.error());
  sys::widen_send_buffer((*ends)[0].get(), queue_bytes);
  auto made = std::make_shared<queue>();
  made->for_producers = std::move((*ends)[0]);
  made->for_consumers = std::move((*ends)[1]);
  const std::scoped_lock lock(mutex_);
  queues_.emplace(name, made);
  return made;
}

queue_status held_queues::status_of(const std::string& name, queue& one) {
  const std::scoped_lock lock(one.mutex);
  queue_status status{name, one.sent, one.done, 0, one.lost, 0};
  for (const auto& weak : one.open) {
    const auto end = weak.lock();
    if (!end) continue;
    const auto counts = end->counts();
    status.sent += counts.sent;
    status.done += counts.done;
    status.in_flight += counts.in_flight;
  }
  const auto gone = status.done + status.in_flight + status.lost;
  status.depth = status.sent > gone ? status.sent - gone : 0;
  return status;
}

std::vector<queue_status> held_queues::status() const {
  std::vector<queue_status> all;
  const std::scoped_lock lock(mutex_);
  for (const auto& [name, queue] : queues_) all.push_back(status_of(name, *queue));
  return all;
}

bool held_queues::has_input(const process_queues& of_process) const {
  return std::ranges::any_of(of_process.ends_, [](const auto& end) {
    return end->role == queue_role::consumer && (end->counts().in_flight > 0 || status_of({}, *end->of).depth > 0);
  });
}

std::vector<int> held_queues::inputs(const process_queues& of_process) const {
  std::vector<int> all;
  for (const auto& end : of_process.ends_)
    if (end->role == queue_role::consumer) all.push_back(end->of->for_consumers.get());
  return all;
}

}  // namespace lineshaft::supervisor
