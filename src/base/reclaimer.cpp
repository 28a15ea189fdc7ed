#include "base/reclaimer.hpp"

#include <algorithm>
#include <limits>

namespace lineshaft {
namespace {

std::atomic<std::size_t> threads = 0;

}  // namespace

// Everything here is sequentially consistent, and so must the pointers be that readers follow: a writer that has not
// seen the visit has replaced the pointer before the visitor reads it.
reclaimer::visit::visit(const reclaimer& at) noexcept {
  thread_local const std::size_t own = threads++;
  for (std::size_t number = own; place_ == nullptr; ++number) {
    auto& free = at.places_[number % at.places_.size()].since;
    std::uint64_t nobody = 0;
    if (free.compare_exchange_strong(nobody, at.epoch_.load())) place_ = &free;
  }
}

void reclaimer::retire(std::shared_ptr<const void> replaced) {
  retired_.push_back({++epoch_, std::move(replaced)});
  auto oldest = std::numeric_limits<std::uint64_t>::max();
  for (const auto& one : places_)
    if (const auto since = one.since.load(); since != 0) oldest = std::min(oldest, since);
  std::erase_if(retired_, [oldest](const retired& one) { return one.since <= oldest; });
}

}  // namespace lineshaft
