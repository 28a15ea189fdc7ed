#include "local/mapping.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

namespace lineshaft::local {

namespace {
std::error_code last_error() { return {errno, std::system_category()}; }
}  // namespace

mapping::~mapping() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

result<mapping> mapping::shared(int fd, std::size_t size) {
  struct stat about{};
  if (::fstat(fd, &about) != 0) return fail(last_error(), "cannot look at the account of a queue");
  if (static_cast<std::size_t>(about.st_size) < size) return fail("cannot use the account of a queue: it is too small");
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED) return fail(last_error(), "cannot map the account of a queue");
  return mapping(data, size);
}

result<mapping> mapping::sparse(std::size_t size) {
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) return fail(last_error(), "cannot map the receive slots of a queue");
  // One small message in each slot must not cost a huge page each. Only advice: where the kernel has no huge
  // pages, it says EINVAL and there is nothing to do.
  ::madvise(data, size, MADV_NOHUGEPAGE);
  return mapping(data, size);
}

}  // namespace lineshaft::local
