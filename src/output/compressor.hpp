#pragma once
// Old log files into .zst, one after another, on a thread of the lowest priority that exists once there is one.
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "output/account.hpp"
#include "output/log_series.hpp"
#include "output/patient_thread.hpp"

namespace lineshaft::output {

class compressor : public std::enable_shared_from_this<compressor> {
 public:
  /// A file that cannot be compressed stays as it is, and its account says why.
  void add(std::shared_ptr<log_series> series, log_series::number which, std::shared_ptr<account> counts);
  /// Does not finish what it has begun: the next manager does.
  void close();

 private:
  struct job {
    std::shared_ptr<log_series> series;
    log_series::number which;
    std::shared_ptr<account> counts;
  };

  void run();
  result<> compress(const job& todo);
  result<> pack(int source, int target) const;
  bool closing() const;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> jobs_;
  bool closing_ = false;
  patient_thread thread_;
};

}  // namespace lineshaft::output
