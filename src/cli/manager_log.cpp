#include "cli/manager_log.hpp"

#include <unistd.h>

#include <filesystem>

#include "sys/file.hpp"
#include "sys/pipe.hpp"

namespace lineshaft::cli {

std::string manager_log_of(const run_directory& where) { return where.path + "/manager.log"; }

std::function<void()> bound_of_manager_log(const run_directory& where) {
  std::error_code ec;
  if (!std::filesystem::equivalent("/proc/self/fd/1", manager_log_of(where), ec)) return {};
  // One that cannot be made shorter is longer: there is nobody to tell.
  return [] { (void)keep_last_lines(STDOUT_FILENO, kept_of_manager_log); };
}

// Not renamed: whoever has inherited the descriptor writes to this file, and would go on with the old one.
result<> keep_last_lines(int fd, std::uint64_t bytes) {
  const auto facts = sys::facts_of(fd);
  if (!facts) return std::unexpected(facts.error());
  if (facts->size <= 2 * bytes) return {};
  std::string last(bytes, '\0');
  const auto got = sys::pread(fd, last, facts->size - bytes);
  if (!got) return std::unexpected(got.error());
  last.resize(*got);
  // Its first line has lost its beginning.
  last.erase(0, last.find('\n') + 1);
  if (auto emptied = sys::ftruncate(fd, 0); !emptied) return emptied;
  return sys::write(fd, "(what is older is not kept)\n" + last);
}

}  // namespace lineshaft::cli
