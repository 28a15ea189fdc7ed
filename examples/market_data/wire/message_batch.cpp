#include "market_data/wire/message_batch.hpp"

namespace market_data {

const std::vector<std::string_view>& message_batch::views() {
  views_.clear();
  for (std::size_t index = 0; index < size(); ++index) views_.push_back((*this)[index]);
  return views_;
}

void message_batch::shrink(std::size_t size) {
  ends_.resize(size);
  bytes_.resize(size == 0 ? 0 : ends_.back());
}

}  // namespace market_data
