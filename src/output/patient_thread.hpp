#pragma once
// A thread that may be stuck in a dead disk: its end is waited for, but not for ever.
#include <chrono>
#include <functional>
#include <future>
#include <thread>

#include "lineshaft/error.hpp"

namespace lineshaft::output {

/// The body must own all that it uses: the thread may outlive everybody else.
class patient_thread {
 public:
  patient_thread() = default;
  patient_thread(const patient_thread&) = delete;
  patient_thread& operator=(const patient_thread&) = delete;
  ~patient_thread() { leave(std::chrono::milliseconds(0)); }

  /// With all signals blocked: they are for the program's own threads.
  result<> start(const char* name, std::function<void()> body);
  bool started() const { return thread_.joinable(); }
  /// After it was asked to end. One that does not is left behind.
  void leave(std::chrono::milliseconds patience);

 private:
  std::thread thread_;
  std::future<void> ended_;
};

}  // namespace lineshaft::output
