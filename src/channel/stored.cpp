#include "channel/stored.hpp"

#include <algorithm>
#include <string>

#include "sys/memory.hpp"

namespace lineshaft::channel {
namespace {

result<> check_size(std::size_t size) {
  if (size <= longest_stored) return {};
  return fail(std::errc::message_size,
              "cannot pass " + std::to_string(size) + " bytes on: the most is " + std::to_string(longest_stored));
}

}  // namespace

result<unique_fd> store(std::span<const std::byte> bytes) {
  if (auto fits = check_size(bytes.size()); !fits) return std::unexpected(fits.error());
  auto file = sys::sealed_memory("lineshaft-packet", bytes.size());
  if (!file) return file;
  auto memory = sys::map(file->get(), bytes.size(), sys::access::read_write);
  if (!memory) return std::unexpected(memory.error());
  std::ranges::copy(bytes, memory->bytes().begin());
  return file;
}

result<std::vector<std::byte>> fetch(int file) {
  auto size = sys::sealed_size(file);
  if (!size) return std::unexpected(size.error());
  if (auto fits = check_size(*size); !fits) return std::unexpected(fits.error());
  auto memory = sys::map(file, *size, sys::access::read_only);
  if (!memory) return std::unexpected(memory.error());
  const auto bytes = memory->bytes();
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace lineshaft::channel
