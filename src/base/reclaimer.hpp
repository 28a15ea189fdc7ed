#pragma once
// Readers of what one writer replaces, where neither may wait for the other: epoch-based reclamation (K. Fraser,
// "Practical lock-freedom", University of Cambridge, technical report 579, 2004, section 5.2.3).
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace lineshaft {

class reclaimer {
 public:
  /// Any thread's. While it lives, nothing ends that the thread comes upon by an atomic pointer. No lock and no system
  /// call; what it waits for is a free place, if 64 threads are on a visit at once.
  class visit {
   public:
    explicit visit(const reclaimer& at) noexcept;
    ~visit() { place_->store(0, std::memory_order_release); }
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;

   private:
    std::atomic<std::uint64_t>* place_ = nullptr;
  };

  /// The writer's, who has already put something else where this was found. It ends when nobody is left who may have
  /// come upon it, with a later call at the latest that this comes true.
  void retire(std::shared_ptr<const void> replaced);

 private:
  struct alignas(64) place {
    std::atomic<std::uint64_t> since = 0;  ///< the epoch in which a visit began; 0: it is free
  };
  struct retired {
    std::uint64_t since;  ///< who has come in this epoch or later cannot have found it
    std::shared_ptr<const void> what;
  };

  mutable std::array<place, 64> places_;
  std::atomic<std::uint64_t> epoch_ = 1;
  std::vector<retired> retired_;
};

}  // namespace lineshaft
