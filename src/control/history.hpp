#pragma once
// The last ones of something that happens again and again, numbered: what a reader resumes from.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <vector>

namespace lineshaft::control {

template <class T>
struct numbered {
  std::uint64_t id;
  T what;
};

/// What was asked for, and how many of it are not kept any more.
template <class T>
struct excerpt {
  std::uint64_t missed = 0;
  std::uint64_t last = 0;  ///< the number to go on from
  std::vector<T> items;
};

/// Bounded by number. On one thread.
template <class T>
class history {
 public:
  using item = T;
  using waiter = std::function<void()>;

  explicit history(std::size_t capacity) : capacity_(capacity) {}

  /// Numbers grow.
  void add(std::uint64_t id, T what) {
    if (kept_.size() == capacity_) kept_.pop_front();
    kept_.push_back({id, std::move(what)});
    last_ = id;
    for (const auto* one : waiting_) (*one)();
  }
  std::uint64_t last() const { return last_; }

  /// At most `most` of those after this number. A number that has not come yet is one of a manager that has gone:
  /// all that is kept is after it.
  excerpt<T> after(std::uint64_t id, std::size_t most) const {
    if (id > last_) id = 0;
    excerpt<T> found{.last = id};
    const auto first = kept_.empty() ? last_ + 1 : kept_.front().id;
    if (first > id + 1) {
      found.missed = first - id - 1;
      found.last = first - 1;
    }
    for (const auto& one : kept_) {
      if (one.id <= id) continue;
      if (found.items.size() == most) break;
      found.items.push_back(one.what);
      found.last = one.id;
    }
    return found;
  }

  /// Called at each addition, until it is removed.
  void add(const waiter& told) { waiting_.insert(&told); }
  void remove(const waiter& told) { waiting_.erase(&told); }

 private:
  std::size_t capacity_;
  std::uint64_t last_ = 0;
  std::deque<numbered<T>> kept_;
  std::set<const waiter*> waiting_;
};

}  // namespace lineshaft::control
