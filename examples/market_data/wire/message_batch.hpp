#pragma once
// Messages on their way to one queue, one after the other in one buffer: no allocation per message.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace market_data {

class message_batch {
 public:
  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  std::string_view operator[](std::size_t index) const {
    const auto begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }
  /// Views into the batch, for one send. Good until the batch is changed.
  const std::vector<std::string_view>& views();

  /// The message that is being written; it is part of the batch once `finish()` is called.
  std::string& writing() { return bytes_; }
  void finish() { ends_.push_back(bytes_.size()); }
  /// Drops every message after the first `size`, and what was being written.
  void shrink(std::size_t size);
  void clear() { shrink(0); }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::vector<std::string_view> views_;
};

}  // namespace market_data
