#pragma once
// The output of all workers of one manager. Costs nothing until something is captured.
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/output_options.hpp"
#include "lineshaft/unique_fd.hpp"
#include "output/recent_lines.hpp"

namespace lineshaft::output {

class account;
class capture;
class collector;
class log_writer;

struct captured_output {
  unique_fd out, err;                ///< for the process
  std::array<unique_fd, 2> reading;  ///< of both, once more: for whoever is to keep them open if this program dies
  std::shared_ptr<capture> captured;
};

/// Callable from any thread.
class outputs {
 public:
  explicit outputs(const std::string& log_dir);
  ~outputs();
  outputs(const outputs&) = delete;
  outputs& operator=(const outputs&) = delete;

  /// Where it goes, `to` decided. Whatever can be found out about the file beforehand is: this may wait for a disk,
  /// so it is for the thread of whoever starts a worker.
  result<output_options> prepare(const std::string& worker, output_options declared);
  /// For one process, with options that were prepared.
  result<captured_output> open(const std::string& worker, std::uint32_t generation, const output_options& how,
                               const std::shared_ptr<account>& counts);
  /// Its last lines, once it has ended.
  std::vector<std::string> process_ended(const std::shared_ptr<capture>& captured);
  /// Of all that is captured.
  recent_lines& recent() { return *recent_; }
  /// Absolute; empty: there is none.
  const std::string& log_dir() const { return log_dir_; }
  /// Waits until what was printed before is in its files, but not beyond `until`.
  void flush(std::chrono::steady_clock::time_point until);

 private:
  result<> start_threads(output_to where);
  result<> open_folder();

  const std::string log_dir_;
  std::mutex mutex_;
  std::shared_ptr<const unique_fd> folder_, wake_;
  std::shared_ptr<log_writer> writer_;
  const std::shared_ptr<recent_lines> recent_ = std::make_shared<recent_lines>();
  std::unique_ptr<collector> collector_;
};

}  // namespace lineshaft::output
