#pragma once
// Values to bytes and back, for the packets between manager, fork server and workers: one machine, one
// program, so byte order and widths are the host's. The reader trusts nothing: a packet that is too
// short, or says a length it does not have, makes it fail, and every value after that is empty.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lineshaft::channel {

class wire_writer {
 public:
  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void put(T value) {
    const auto* from = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), from, from + sizeof value);
  }
  void put(std::string_view text);
  void put(const std::vector<std::string>& texts);

  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

class wire_reader {
 public:
  explicit wire_reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  T get() {
    T value{};
    if (const auto from = take(sizeof value); !from.empty()) std::memcpy(&value, from.data(), sizeof value);
    return value;
  }
  std::string get_text();
  std::vector<std::string> get_texts();

  /// Something was missing: nothing more will come.
  bool failed() const { return failed_; }
  /// Nothing was missing, and nothing is left over.
  bool complete() const { return !failed_ && rest_.empty(); }

 private:
  std::span<const std::byte> take(std::size_t size);

  std::span<const std::byte> rest_;
  bool failed_ = false;
};

}  // namespace lineshaft::channel
