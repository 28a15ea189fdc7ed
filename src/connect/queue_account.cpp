#include "lineshaft/queue_account.hpp"

#include <algorithm>
#include <atomic>

#include "lineshaft/worker.hpp"

namespace lineshaft {

namespace {

// The memory may be mapped read-only: nothing but loads is made through the reference.
template <class T>
T load(const T& cell) noexcept {
  return std::atomic_ref<T>(const_cast<T&>(cell)).load(std::memory_order_acquire);
}

}  // namespace

std::size_t queue_account_size(queue_role role) {
  return role == queue_role::producer ? sizeof(producer_account) : sizeof(consumer_account);
}

queue_counts read_producer_account(const std::byte* account) noexcept {
  const auto& from = *reinterpret_cast<const producer_account*>(account);
  // In this order: a batch that begins meanwhile makes the figure older, never too high.
  const auto counted = load(from.counted);
  const auto batch_start = load(from.batch_start);
  std::uint64_t filled = 0;
  for (const auto& packet : from.packets)
    filled += load(packet.length) != 0 ? accounted_messages(load(packet.messages)) : 0;
  return {.sent = std::max(counted, batch_start + filled)};
}

queue_counts read_consumer_account(const std::byte* account) noexcept {
  const auto& from = *reinterpret_cast<const consumer_account*>(account);
  const auto batch_start = load(from.batch_start);
  std::uint64_t filled = 0;
  for (const auto& header : from.headers)
    filled += load(header.mark) != 0 ? accounted_messages(load(header.messages)) : 0;
  const auto done = load(from.done);
  const auto done_of_batch = std::min(done - batch_start, filled);
  return {.done = done, .in_flight = filled - done_of_batch};
}

}  // namespace lineshaft
