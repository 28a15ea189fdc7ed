#pragma once
// zstd(1)'s format, piece by piece.
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "lineshaft/error.hpp"

struct ZSTD_CCtx_s;

namespace lineshaft::output {

enum class piece_is { not_last, last };

/// With a checksum, at zstd's own default level.
class zstd_stream {
 public:
  using write = std::function<result<>(std::string_view)>;

  zstd_stream();
  /// Hands on what is ready. The last piece, which may be empty, ends the file.
  result<> put(std::span<const char> piece, piece_is which, const write& to);

 private:
  struct free_context {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, free_context> context_;
  std::vector<char> out_;
};

}  // namespace lineshaft::output
