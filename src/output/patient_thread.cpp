#include "output/patient_thread.hpp"

#include "sys/fault.hpp"
#include "sys/process.hpp"

namespace lineshaft::output {

result<> patient_thread::start(const char* name, std::function<void()> body) {
  if (auto ec = sys::injected("pthread_create")) return fail(ec, "cannot start a thread for output");
  std::packaged_task<void()> task([name, body = std::move(body)] {
    sys::set_name(name);
    body();
  });
  ended_ = task.get_future();
  const sys::blocked_signals none_there;
  try {
    thread_ = std::thread(std::move(task));
  } catch (const std::system_error& failed) {
    return fail(failed.code(), "cannot start a thread for output");
  }
  return {};
}

void patient_thread::leave(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return;
  if (ended_.wait_for(patience) == std::future_status::ready) {
    thread_.join();
  } else {
    thread_.detach();
  }
  // It holds the body, which may hold whoever holds this.
  ended_ = {};
}

}  // namespace lineshaft::output
