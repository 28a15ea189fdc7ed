#pragma once
// The writing side of a queue's account. Every store is made through `Store`, in an order in which the
// manager reads the exact figures after each of them: decision 0040. A test gives a `Store` of its own
// that looks after every single one.
#include <atomic>

#include "lineshaft/queue_account.hpp"

namespace lineshaft::local {

struct release_store {
  template <class T>
  void operator()(T& cell, T value) const {
    std::atomic_ref<T>(cell).store(value, std::memory_order_release);
  }
};

template <class Store = release_store>
class producer_account_writer {
 public:
  explicit producer_account_writer(producer_account& memory, Store store = {}) : memory_(&memory), store_(store) {}

  /// First of all before sendmmsg(): forgets the packets of the batch before, which is counted.
  void begin_batch() {
    for (auto& packet : memory_->packets) {
      if (packet.length != 0) store_(packet.length, std::uint32_t{0});
    }
    store_(memory_->batch_start, memory_->counted);
  }
  /// After that, for each packet of the next batch: how many messages are in it.
  void plan(std::size_t packet, std::uint32_t messages) { store_(memory_->packets[packet].messages, messages); }
  /// After it: so many messages were sent.
  void count(std::uint64_t sent) { store_(memory_->counted, memory_->batch_start + sent); }
  std::uint64_t sent() const { return memory_->counted; }

 private:
  producer_account* memory_;
  Store store_;
};

template <class Store = release_store>
class consumer_account_writer {
 public:
  explicit consumer_account_writer(consumer_account& memory, Store store = {}) : memory_(&memory), store_(store) {}

  /// Before recvmmsg(), all of the batch before being done: forgets it.
  void begin_batch() {
    for (auto& header : memory_->headers) {
      if (header.mark != 0) store_(header.mark, std::uint64_t{0});
    }
    store_(memory_->batch_start, memory_->done);
  }
  void done(std::uint64_t count) { store_(memory_->done, memory_->done + count); }

 private:
  consumer_account* memory_;
  Store store_;
};

}  // namespace lineshaft::local
