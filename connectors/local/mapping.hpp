#pragma once
// Memory from mmap(2), and who unmaps it.
#include <cstddef>
#include <utility>

#include "lineshaft/error.hpp"

namespace lineshaft::local {

class mapping {
 public:
  mapping() = default;
  mapping(mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  mapping& operator=(mapping&&) = delete;
  ~mapping();

  std::byte* data() const { return data_; }

  /// The first `size` bytes of the memory behind `fd`, shared. A smaller one is an error: it would fault.
  static result<mapping> shared(int fd, std::size_t size);
  /// Memory of which only what is touched is ever there.
  static result<mapping> sparse(std::size_t size);

 private:
  mapping(void* data, std::size_t size) : data_(static_cast<std::byte*>(data)), size_(size) {}

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace lineshaft::local
