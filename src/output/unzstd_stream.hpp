#pragma once
// zstd(1)'s format back into what it was, piece by piece.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"

struct ZSTD_DCtx_s;

namespace lineshaft::output {

class unzstd_stream {
 public:
  unzstd_stream();
  /// Appends what is in the next piece.
  result<> put(std::span<const char> piece, std::string& to);
  /// The file may end here: its checksum was right.
  bool whole() const { return left_ == 0; }

 private:
  struct free_context {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, free_context> context_;
  std::vector<char> out_;
  std::size_t left_ = 0;  ///< of the frame, as zstd says
};

}  // namespace lineshaft::output
