#pragma once
// Shared memory without a name: memfd_create(2), file seals of fcntl(2), mmap(2).
#include <cstddef>
#include <span>
#include <utility>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// Owns one mapping and unmaps it.
class mapping {
 public:
  mapping() noexcept = default;
  mapping(std::byte* data, std::size_t size) noexcept : bytes_(data, size) {}
  mapping(mapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  mapping& operator=(mapping&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~mapping();

  std::span<std::byte> bytes() noexcept { return bytes_; }
  std::span<const std::byte> bytes() const noexcept { return bytes_; }

 private:
  std::span<std::byte> bytes_;
};

enum class access { read_only, read_write };

/// A memfd of `size` zero bytes, sealed against growing, shrinking and further seals: whoever holds it can
/// make no reader of a mapping fault (SIGBUS).
result<unique_fd> sealed_memory(const char* name, std::size_t size);
/// The size of a memory file from somebody else, if it is sealed like that; an error if it is not.
result<std::size_t> sealed_size(int fd);
result<mapping> map(int fd, std::size_t size, access how);

}  // namespace lineshaft::sys
