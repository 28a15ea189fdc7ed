#include "output/unzstd_stream.hpp"

#include <zstd.h>

namespace lineshaft::output {

void unzstd_stream::free_context::operator()(ZSTD_DCtx_s* context) const { ::ZSTD_freeDCtx(context); }

unzstd_stream::unzstd_stream() : context_(::ZSTD_createDCtx()), out_(::ZSTD_DStreamOutSize()) {}

result<> unzstd_stream::put(std::span<const char> piece, std::string& to) {
  ZSTD_inBuffer in{piece.data(), piece.size(), 0};
  bool filled = false;
  // What it holds back for want of room comes without any more to read.
  while (in.pos < in.size || filled) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    left_ = ::ZSTD_decompressStream(context_.get(), &out, &in);
    if (::ZSTD_isError(left_) != 0) return fail(std::string("cannot decompress: ") + ::ZSTD_getErrorName(left_));
    to.append(out_.data(), out.pos);
    filled = out.pos == out.size && left_ != 0;
  }
  return {};
}

}  // namespace lineshaft::output
