#include "channel/wire.hpp"

namespace lineshaft::channel {

void wire_writer::put(std::string_view text) {
  put(static_cast<std::uint32_t>(text.size()));
  const auto* from = reinterpret_cast<const std::byte*>(text.data());
  bytes_.insert(bytes_.end(), from, from + text.size());
}

void wire_writer::put(const std::vector<std::string>& texts) {
  put(static_cast<std::uint32_t>(texts.size()));
  for (const auto& text : texts) put(std::string_view(text));
}

std::string wire_reader::get_text() {
  const auto size = get<std::uint32_t>();
  const auto from = take(size);
  return {reinterpret_cast<const char*>(from.data()), from.size()};
}

std::vector<std::string> wire_reader::get_texts() {
  std::vector<std::string> texts;
  // Each text takes four bytes at least, which bounds what a hostile count can allocate.
  for (auto count = get<std::uint32_t>(); count > 0 && !failed_; --count) texts.push_back(get_text());
  return texts;
}

std::span<const std::byte> wire_reader::take(std::size_t size) {
  if (failed_ || size > rest_.size()) {
    failed_ = true;
    return {};
  }
  const auto taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

}  // namespace lineshaft::channel
