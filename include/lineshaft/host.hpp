#pragma once
// The first statement of main(): what this process is, of the three that a program can be.
#include <span>

#include "lineshaft/worker_class.hpp"

namespace lineshaft {

/// Turns the process into the fork server or into one worker where the manager started it as such,
/// and then does not return: it leaves the process. In the program itself it keeps the table of worker
/// classes for the managers made from it, and must outlive them. To be made once, before any thread.
class host {
 public:
  /// `classes` is `worker_classes<…>`: it has to live as long as the program.
  host(int argc, char** argv, std::span<const worker_class> classes);
  host(const host&) = delete;
  host& operator=(const host&) = delete;

  std::span<const worker_class> classes() const { return classes_; }

 private:
  std::span<const worker_class> classes_;
};

}  // namespace lineshaft
