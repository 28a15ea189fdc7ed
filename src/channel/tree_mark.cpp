#include "channel/tree_mark.hpp"

#include <format>

namespace lineshaft::channel {

std::string tree_marks(const char* own, std::uint64_t manager) {
  const auto outer = own == nullptr || *own == '\0' ? std::string() : std::string(own) + '/';
  return std::format("{}{}{:016x}-", tree_variable, outer, manager);
}

std::string tree_mark(std::string_view marks, std::uint64_t tree) { return std::format("{}{:016x}", marks, tree); }

std::string marks_of(const char* value) {
  const std::string_view mark = value == nullptr ? "" : value;
  const auto end = mark.rfind('-');
  return end == std::string_view::npos ? std::string() : std::format("{}{}", tree_variable, mark.substr(0, end + 1));
}

}  // namespace lineshaft::channel
