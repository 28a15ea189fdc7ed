#pragma once
// A provider of one signal that comes into being when something first asks for it: a worker that records nothing has no
// exporter and no thread. Any thread may ask.
#include <opentelemetry/nostd/shared_ptr.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace lineshaft::otlp {

/// `Api`: the interface; `Sdk`: what implements it. Nothing that is made is ever destroyed.
template <class Api, class Sdk>
class on_demand {
 public:
  using maker = std::function<std::unique_ptr<Sdk>()>;

  /// `make` may give null: then `nothing` stands in for it, as it does after the end.
  on_demand(maker make, Api& nothing) : make_(std::move(make)), nothing_(nothing) {}

  Api& get() {
    // Without the lock: in the child of a fork() it may be held by a thread that is not there.
    if (over_.load()) return nothing_;
    if (auto* made = made_.load()) return *made;
    std::call_once(once_, [this] { made_ = make_().release(); });
    auto* made = made_.load();
    return made != nullptr ? static_cast<Api&>(*made) : nothing_;
  }

  /// From now on nothing is made. Takes no lock.
  void end() { over_ = true; }
  /// What has been made, if anything, and nothing will be any more. After `end`.
  Sdk* made() {
    std::call_once(once_, [] {});
    return made_.load();
  }

 private:
  maker make_;
  Api& nothing_;
  std::once_flag once_;
  std::atomic<bool> over_ = false;
  std::atomic<Sdk*> made_ = nullptr;
};

}  // namespace lineshaft::otlp
