#include "sys/vitals.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "sys/relations.hpp"

namespace lineshaft::sys {
namespace {

// The second number of a file of numbers.
std::uint64_t second_number(const std::string& path) {
  std::ifstream file(path);
  std::uint64_t first = 0, second = 0;
  return file >> first >> second ? second : 0;
}

// Of proc_pid_stat(5), by the numbers that stand there. What is left of the line begins with the third.
std::vector<std::uint64_t> numbers_behind_state(const std::string& path) {
  std::ifstream file(path);
  std::string line, state;
  std::getline(file, line, '\0');  // the name of a process may have several lines
  std::istringstream rest(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  rest >> state;
  return {std::istream_iterator<std::int64_t>(rest), {}};
}

std::chrono::microseconds ticks(std::uint64_t count) {
  return std::chrono::microseconds(count * 1'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
}

}  // namespace

vitals vitals_of(pid_t process) {
  const auto folder = "/proc/" + std::to_string(process);
  const auto known = relations_of(process);
  constexpr std::size_t utime = 14 - 4, stime = 15 - 4;
  auto numbers = numbers_behind_state(folder + "/stat");
  numbers.resize(std::max(numbers.size(), stime + 1));
  return {.stopped = known && (known->state == 'T' || known->state == 't'),
          .waited = std::chrono::nanoseconds(second_number(folder + "/schedstat")),
          .resident_bytes = second_number(folder + "/statm") * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)),
          .user_time = ticks(numbers[utime]),
          .system_time = ticks(numbers[stime])};
}

}  // namespace lineshaft::sys
