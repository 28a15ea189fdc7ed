#include "forkserver/image_file.hpp"

#include "channel/stored.hpp"

namespace lineshaft::forkserver {

result<unique_fd> write_image(const channel::worker_image& image) { return channel::store(channel::encode(image)); }

result<channel::worker_image> read_image(int file) {
  auto bytes = channel::fetch(file);
  if (!bytes) return std::unexpected(bytes.error());
  auto image = channel::decode_worker_image(*bytes);
  if (!image) return fail(std::errc::bad_message, "cannot read what this worker is to be");
  return std::move(*image);
}

}  // namespace lineshaft::forkserver
