#include "sys/memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

constexpr int size_seals = F_SEAL_SHRINK | F_SEAL_GROW;

}  // namespace

mapping::~mapping() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

result<unique_fd> sealed_memory(const char* name, std::size_t size) {
  if (auto ec = injected("memfd_create")) return fail(ec, "cannot make shared memory");
  unique_fd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return fail(last_error(), "cannot make shared memory");
  if (auto ec = injected("ftruncate")) return fail(ec, "cannot size shared memory");
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) < 0) return fail(last_error(), "cannot size shared memory");
  if (auto ec = injected("fcntl")) return fail(ec, "cannot seal shared memory");
  if (::fcntl(fd.get(), F_ADD_SEALS, size_seals | F_SEAL_SEAL) < 0)
    return fail(last_error(), "cannot seal shared memory");
  return fd;
}

result<std::size_t> sealed_size(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0) return fail(last_error(), "cannot read the seals of shared memory");
  if ((seals & size_seals) != size_seals)
    return fail(std::errc::permission_denied, "cannot use shared memory that is not sealed");
  struct stat about{};
  if (::fstat(fd, &about) < 0) return fail(last_error(), "cannot read the size of shared memory");
  return static_cast<std::size_t>(about.st_size);
}

result<mapping> map(int fd, std::size_t size, access how) {
  if (auto ec = injected("mmap")) return fail(ec, "cannot map shared memory");
  const int protection = how == access::read_write ? PROT_READ | PROT_WRITE : PROT_READ;
  void* at = ::mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) return fail(last_error(), "cannot map shared memory");
  return mapping(static_cast<std::byte*>(at), size);
}

}  // namespace lineshaft::sys
