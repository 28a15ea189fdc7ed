#pragma once
// What many instruments are read from, read once for each collection of metrics. OpenTelemetry asks each instrument by
// itself, and tells nobody where a collection begins: it has begun when one asks that has been answered already.
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

namespace lineshaft::supervisor {

/// Any thread may ask. An instrument that is made later is asked after the others, so it is not the one that gets what
/// the collection before has left. Two collections at once read more often than they need, and never anything old.
template <class Value>
class per_collection {
 public:
  explicit per_collection(std::function<Value()> read) : read_(std::move(read)) {}

  /// `instrument`: who asks, once in each collection.
  std::shared_ptr<const Value> value_for(const void* instrument) {
    const std::scoped_lock lock(mutex_);
    if (!value_ || !answered_.insert(instrument).second) {
      value_ = std::make_shared<const Value>(read_());
      answered_ = {instrument};
    }
    return value_;
  }

  /// What the last collection has left, where other instruments will ask from now on.
  void forget() {
    const std::scoped_lock lock(mutex_);
    value_.reset();
    answered_.clear();
  }

 private:
  std::mutex mutex_;
  std::function<Value()> read_;
  std::shared_ptr<const Value> value_;
  std::set<const void*> answered_;
};

}  // namespace lineshaft::supervisor
