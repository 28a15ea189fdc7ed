#pragma once
// Bytes in a file without a name, handed on by its descriptor: memfd_create(2), sealed in size so that no
// holder can make a reader fault.
#include <cstddef>
#include <span>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::channel {

/// The most bytes that are stored or fetched: more than any environment and options take, and not so many that a
/// peer could make its reader run out of memory.
inline constexpr std::size_t longest_stored = std::size_t{16} * 1024 * 1024;

result<unique_fd> store(std::span<const std::byte> bytes);
/// From a peer that may be hostile: a file that is not sealed in size, empty, or too long is an error.
result<std::vector<std::byte>> fetch(int file);

}  // namespace lineshaft::channel
