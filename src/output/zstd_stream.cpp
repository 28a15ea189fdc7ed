#include "output/zstd_stream.hpp"

#include <zstd.h>

namespace lineshaft::output {

void zstd_stream::free_context::operator()(ZSTD_CCtx_s* context) const { ::ZSTD_freeCCtx(context); }

zstd_stream::zstd_stream() : context_(::ZSTD_createCCtx()), out_(::ZSTD_CStreamOutSize()) {
  ::ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
}

result<> zstd_stream::put(std::span<const char> piece, piece_is which, const write& to) {
  ZSTD_inBuffer in{piece.data(), piece.size(), 0};
  const auto how = which == piece_is::last ? ZSTD_e_end : ZSTD_e_continue;
  for (;;) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const auto left = ::ZSTD_compressStream2(context_.get(), &out, &in, how);
    if (::ZSTD_isError(left) != 0) return fail(std::string("cannot compress: ") + ::ZSTD_getErrorName(left));
    if (out.pos > 0) {
      if (auto written = to({out_.data(), out.pos}); !written) return written;
    }
    if (which == piece_is::last ? left == 0 : in.pos == in.size) return {};
  }
}

}  // namespace lineshaft::output
