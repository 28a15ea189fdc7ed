#include "forkserver/copy.hpp"

#include <unistd.h>

#include "sys/descriptor.hpp"
#include "sys/fault.hpp"

namespace lineshaft::forkserver {
namespace {

bool place(const output_ends& output) {
  if (output.out && !sys::dup2(output.out.get(), STDOUT_FILENO)) return false;
  return !output.err || sys::dup2(output.err.get(), STDERR_FILENO).has_value();
}

}  // namespace

void keep_only(const output_ends& output, std::initializer_list<int> kept) {
  if (!place(output)) ::_exit(127);
  std::vector<int> all{STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
  all.insert(all.end(), kept);
  sys::close_all_except(all);
  sys::clear_injected();
}

}  // namespace lineshaft::forkserver
