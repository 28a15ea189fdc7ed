#include "base/expects.hpp"

#include <cstdio>
#include <cstdlib>

namespace lineshaft {

void expects(bool holds, const char* sentence, std::source_location where) noexcept {
  if (holds) [[likely]]
    return;
  std::fprintf(stderr, "lineshaft: broken expectation at %s:%u: %s\n", where.file_name(),
               static_cast<unsigned>(where.line()), sentence);
  std::abort();
}

}  // namespace lineshaft
