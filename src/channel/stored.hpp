#pragma once
// Bytes in a file without a name, handed on by its descriptor: memfd_create(2), sealed in size so that no
// holder can make a reader fault.
#include <cstddef>
#include <span>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::channel {

result<unique_fd> store(std::span<const std::byte> bytes);
result<std::vector<std::byte>> fetch(int file);

}  // namespace lineshaft::channel
