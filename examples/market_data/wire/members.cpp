#include "market_data/wire/members.hpp"

#include <algorithm>
#include <cstddef>

namespace market_data {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool ends_scalar(char c) { return c == ',' || c == '}' || c == ']' || blanks.contains(c); }

// What is left to be read. Every step stays inside it, whatever it holds.
class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  bool at(char c) const { return !text_.empty() && text_.front() == c; }
  void skip_blanks() { skip(std::min(text_.find_first_not_of(blanks), text_.size())); }
  bool take(char c) {
    if (!at(c)) return false;
    skip(1);
    return true;
  }
  /// A string with its quotes; empty if there is none.
  std::string_view take_string() { return take_first(size_of_string()); }
  /// Any value; empty if there is none.
  std::string_view take_value() {
    if (at('"')) return take_string();
    if (at('{') || at('[')) return take_first(size_of_nested());
    return take_first(static_cast<std::size_t>(std::ranges::find_if(text_, ends_scalar) - text_.begin()));
  }

 private:
  void skip(std::size_t size) { text_.remove_prefix(size); }
  std::string_view take_first(std::size_t size) {
    const auto taken = text_.substr(0, size);
    skip(size);
    return taken;
  }
  std::size_t size_of_string(std::size_t from = 0) const {
    for (auto at = from + 1; at < text_.size(); ++at) {
      if (text_[at] == '"') return at + 1 - from;
      if (text_[at] == '\\') ++at;
    }
    return 0;
  }
  std::size_t size_of_nested() const {
    int depth = 0;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '"') {
        const auto size = size_of_string(at);
        if (size == 0) return 0;
        at += size - 1;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return at + 1;
      }
    }
    return 0;
  }

  std::string_view text_;
};

bool take_member(reader& from, std::vector<member>& into) {
  const auto key = from.take_string();
  from.skip_blanks();
  if (key.empty() || !from.take(':')) return false;
  from.skip_blanks();
  const auto value = from.take_value();
  from.skip_blanks();
  into.push_back({unquoted(key), value});
  return !value.empty();
}

}  // namespace

bool split_members(std::string_view object, std::vector<member>& into) {
  into.clear();
  reader from(object);
  if (!from.take('{')) return false;
  from.skip_blanks();
  if (!from.at('}')) {
    do {
      from.skip_blanks();
      if (!from.at('"') || !take_member(from, into)) return false;
    } while (from.take(','));
  }
  return from.take('}') && from.at_end();
}

std::string_view unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return {};
  return text.substr(1, text.size() - 2);
}

}  // namespace market_data
