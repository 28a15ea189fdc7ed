#include "output/rotation.hpp"

namespace lineshaft::output {

std::string log_name(std::string_view worker) { return std::string(worker) + ".log"; }

std::string rotated_name(std::string_view log, std::uint32_t number) {
  return std::string(log) + "." + std::to_string(number);
}

std::string compressed_name(std::string_view log, std::uint32_t number) { return rotated_name(log, number) + ".zst"; }

std::size_t room_for(std::string_view lines, std::uint64_t size, std::uint64_t rotate_size) {
  if (rotate_size == 0 || lines.size() + size <= rotate_size) return lines.size();
  const auto room = size < rotate_size ? static_cast<std::size_t>(rotate_size - size) : 0;
  const auto last = room == 0 ? std::string_view::npos : lines.rfind('\n', room - 1);
  if (last != std::string_view::npos) return last + 1;
  if (size > 0) return 0;
  const auto first = lines.find('\n');
  return first == std::string_view::npos ? lines.size() : first + 1;
}

bool too_old(std::chrono::milliseconds age, std::chrono::milliseconds rotate_age) {
  return rotate_age.count() > 0 && age >= rotate_age;
}

std::vector<rename_step> rotate(std::string_view log, std::uint32_t count) {
  if (count == 0) return {{std::string(log), {}}};
  std::vector<rename_step> steps{{rotated_name(log, count), {}}, {compressed_name(log, count), {}}};
  for (auto number = count; number-- > 1;) {
    steps.push_back({rotated_name(log, number), rotated_name(log, number + 1)});
    steps.push_back({compressed_name(log, number), compressed_name(log, number + 1)});
  }
  steps.push_back({std::string(log), rotated_name(log, 1)});
  return steps;
}

}  // namespace lineshaft::output
