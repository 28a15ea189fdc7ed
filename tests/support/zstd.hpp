#pragma once
// What is in a compressed file.
#include <zstd.h>

#include <fstream>
#include <iterator>
#include <string>

namespace support {

/// Empty if it is no whole frame with a right checksum.
inline std::string unzstd(const std::string& file) {
  std::ifstream from(file, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(from), {}};
  std::string text, block(1 << 17, '\0');
  const auto context = ZSTD_createDCtx();
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::size_t left = 1;
  while (in.pos < in.size && !ZSTD_isError(left)) {
    ZSTD_outBuffer out{block.data(), block.size(), 0};
    left = ZSTD_decompressStream(context, &out, &in);
    text.append(block, 0, out.pos);
  }
  ZSTD_freeDCtx(context);
  return left == 0 ? text : std::string();
}

}  // namespace support
