// libcurl (8.14) makes its sockets without SOCK_CLOEXEC, and the SDK has no place for CURLOPT_OPENSOCKETFUNCTION. So
// the one slot through which libcurl calls socket(2) is made to lead here: its own, and nobody else's.
#include "close_on_exec.hpp"

#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace lineshaft::otlp {

namespace {

int socket_closed_on_exec(int domain, int type, int protocol) {
  return ::socket(domain, type | SOCK_CLOEXEC, protocol);
}

// What the dynamic linker has made read-only after relocation: whole pages, of a library that binds everything at once.
bool is_read_only(const dl_phdr_info& library, std::uintptr_t slot, std::uintptr_t page_size) {
  return std::ranges::any_of(std::span(library.dlpi_phdr, library.dlpi_phnum), [&](const auto& header) {
    const auto begin = library.dlpi_addr + header.p_vaddr, end = begin + header.p_memsz;
    return header.p_type == PT_GNU_RELRO && slot >= (begin & ~(page_size - 1)) && slot < (end & ~(page_size - 1));
  });
}

void write_slot(const dl_phdr_info& library, std::uintptr_t slot, void* value) {
  const auto page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const bool read_only = is_read_only(library, slot, page_size);
  auto* page = reinterpret_cast<void*>(slot & ~(page_size - 1));
  if (read_only && ::mprotect(page, page_size, PROT_READ | PROT_WRITE) < 0) return;
  __atomic_store_n(reinterpret_cast<void**>(slot), value, __ATOMIC_RELEASE);
  // Any other page is written to by each call that is yet to be bound.
  if (read_only) (void)::mprotect(page, page_size, PROT_READ);
}

// What dl_iterate_phdr(3) gives of one library, as far as it is needed. glibc has relocated the addresses in it.
struct dynamic_part {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  std::span<const ElfW(Rela)> calls, data;
};

dynamic_part read_dynamic(const ElfW(Dyn) * entry) {
  dynamic_part part;
  const ElfW(Rela)* calls = nullptr, *data = nullptr;
  std::size_t bytes_of_calls = 0, bytes_of_data = 0;
  for (; entry->d_tag != DT_NULL; ++entry) {
    const auto address = entry->d_un.d_ptr;
    switch (entry->d_tag) {
      case DT_SYMTAB: part.symbols = reinterpret_cast<const ElfW(Sym)*>(address); break;
      case DT_STRTAB: part.names = reinterpret_cast<const char*>(address); break;
      case DT_JMPREL: calls = reinterpret_cast<const ElfW(Rela)*>(address); break;
      case DT_PLTRELSZ: bytes_of_calls = entry->d_un.d_val; break;
      case DT_RELA: data = reinterpret_cast<const ElfW(Rela)*>(address); break;
      case DT_RELASZ: bytes_of_data = entry->d_un.d_val; break;
      default: break;
    }
  }
  if (calls != nullptr) part.calls = {calls, bytes_of_calls / sizeof(*calls)};
  if (data != nullptr) part.data = {data, bytes_of_data / sizeof(*data)};
  return part;
}

int redirect_in_curl(dl_phdr_info* library, std::size_t, void*) {
  if (!std::string_view(library->dlpi_name).contains("/libcurl")) return 0;
  for (const auto& header : std::span(library->dlpi_phdr, library->dlpi_phnum)) {
    if (header.p_type != PT_DYNAMIC) continue;
    const auto part = read_dynamic(reinterpret_cast<const ElfW(Dyn)*>(library->dlpi_addr + header.p_vaddr));
    if (part.symbols == nullptr || part.names == nullptr) continue;
    for (const auto relocations : {part.calls, part.data}) {
      for (const auto& one : relocations) {
        const auto symbol = ELF64_R_SYM(one.r_info);
        if (symbol == 0 || std::string_view(part.names + part.symbols[symbol].st_name) != "socket") continue;
        write_slot(*library, library->dlpi_addr + one.r_offset, reinterpret_cast<void*>(socket_closed_on_exec));
      }
    }
  }
  return 0;
}

}  // namespace

void close_sockets_of_curl_on_exec() {
  static const int once = ::dl_iterate_phdr(redirect_in_curl, nullptr);
  (void)once;
}

}  // namespace lineshaft::otlp
