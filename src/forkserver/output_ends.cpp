#include "forkserver/output_ends.hpp"

#include <fcntl.h>

#include "sys/descriptor.hpp"

namespace lineshaft::forkserver {
namespace {

result<output_ends> open_null() {
  auto out = sys::open("/dev/null", O_WRONLY);
  if (!out) return std::unexpected(out.error());
  auto err = sys::duplicate(out->get());
  if (!err) return std::unexpected(err.error());
  return output_ends{std::move(*out), std::move(*err), {}};
}

}  // namespace

result<output_ends> take_output_ends(channel::output_kind kind, std::vector<unique_fd>& descriptors) {
  if (kind == channel::output_kind::inherited) return {};
  if (kind == channel::output_kind::discarded) return open_null();
  constexpr std::size_t count = 4;
  if (descriptors.size() < count) return fail(std::errc::invalid_argument, "cannot start a process without its output");
  const auto first = descriptors.end() - count;
  output_ends ends{std::move(first[0]), std::move(first[1]), {std::move(first[2]), std::move(first[3])}};
  descriptors.erase(first, descriptors.end());
  return ends;
}

group_ends take_group_ends(bool has_group, std::vector<unique_fd>& descriptors) {
  constexpr std::size_t count = 2;
  if (!has_group || descriptors.size() < count) return {};
  const auto first = descriptors.end() - count;
  group_ends ends{std::move(first[0]), std::move(first[1])};
  descriptors.erase(first, descriptors.end());
  return ends;
}

}  // namespace lineshaft::forkserver
