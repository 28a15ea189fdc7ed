#pragma once
// The counts of one worker's output: written by the threads that carry it, read by anyone.
#include <atomic>
#include <mutex>
#include <string>

#include "lineshaft/output_status.hpp"

namespace lineshaft::output {

class account {
 public:
  void add_read(std::uint64_t lines, std::uint64_t bytes) noexcept;
  void add_lost(std::uint64_t lines, std::uint64_t bytes) noexcept;
  /// Why its file cannot be written; empty: it can.
  void set_error(std::string why) { set(error_, std::move(why)); }
  /// Why its old files stay as they are.
  void set_rotation_error(std::string why) { set(rotation_error_, std::move(why)); }
  output_status status() const;

 private:
  void set(std::string& which, std::string why);

  std::atomic<std::uint64_t> lines_ = 0, bytes_ = 0, lost_lines_ = 0, lost_bytes_ = 0;
  std::atomic<bool> has_error_ = false;
  mutable std::mutex mutex_;
  std::string error_, rotation_error_;
};

}  // namespace lineshaft::output
