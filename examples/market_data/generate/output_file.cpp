#include "market_data/generate/output_file.hpp"

#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace market_data {

struct output_file::state {
  std::string name;
  std::FILE* plain = nullptr;
  gzFile packed = nullptr;
  int error_number = 0;

  void failed() {
    if (error_number == 0) error_number = errno == 0 ? EIO : errno;
  }
};

output_file::output_file(std::unique_ptr<state> made) : state_(std::move(made)) {}
output_file::output_file(output_file&&) noexcept = default;
output_file& output_file::operator=(output_file&&) noexcept = default;
output_file::~output_file() {
  if (state_) (void)close();
}

lineshaft::result<output_file> output_file::open(const std::string& name) {
  auto made = std::make_unique<state>();
  made->name = name == "-" ? "standard output" : "'" + name + "'";
  errno = 0;
  if (name == "-") {
    made->plain = stdout;
  } else if (name.ends_with(".gz")) {
    made->packed = gzopen(name.c_str(), "wb1");
    if (made->packed != nullptr) gzbuffer(made->packed, 1 << 18);
  } else {
    made->plain = std::fopen(name.c_str(), "wb");
  }
  if (made->plain == nullptr && made->packed == nullptr) {
    return lineshaft::fail(std::errc{errno == 0 ? ENOMEM : errno}, "cannot write " + made->name);
  }
  if (made->plain != nullptr) std::setvbuf(made->plain, nullptr, _IOFBF, 1 << 20);
  return output_file(std::move(made));
}

bool output_file::write(std::string_view bytes) {
  errno = 0;
  const auto written =
      state_->plain != nullptr
          ? std::fwrite(bytes.data(), 1, bytes.size(), state_->plain)
          : static_cast<std::size_t>(gzwrite(state_->packed, bytes.data(), static_cast<unsigned>(bytes.size())));
  if (written != bytes.size()) state_->failed();
  return state_->error_number == 0;
}

lineshaft::result<> output_file::close() {
  errno = 0;
  if (state_->plain != nullptr && std::fclose(state_->plain) != 0) state_->failed();
  if (state_->packed != nullptr && gzclose(state_->packed) != Z_OK) state_->failed();
  const auto ended = std::exchange(state_, nullptr);
  if (ended->error_number != 0) return lineshaft::fail(std::errc{ended->error_number}, "cannot write " + ended->name);
  return {};
}

}  // namespace market_data
