#include "sys/vitals.hpp"

#include <unistd.h>

#include <fstream>
#include <string>

#include "sys/relations.hpp"

namespace lineshaft::sys {
namespace {

// The second number of a file of numbers.
std::uint64_t second_number(const std::string& path) {
  std::ifstream file(path);
  std::uint64_t first = 0, second = 0;
  return file >> first >> second ? second : 0;
}

}  // namespace

vitals vitals_of(pid_t process) {
  const auto folder = "/proc/" + std::to_string(process);
  const auto known = relations_of(process);
  return {.stopped = known && (known->state == 'T' || known->state == 't'),
          .waited = std::chrono::nanoseconds(second_number(folder + "/schedstat")),
          .resident_bytes = second_number(folder + "/statm") * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

}  // namespace lineshaft::sys
