#include "config/nesting.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace lineshaft::config {
namespace {

class scanner {
 public:
  explicit scanner(std::string_view text) : text_(text) {}

  std::optional<text_position> too_deep() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
        continue;
      }
      if (c == '#') {
        skip_to(text_.find('\n', at_));
        continue;
      }
      take(c);
      if (depth_ + parts_ > deepest_nesting) return position();
      ++at_;
    }
    return std::nullopt;
  }

 private:
  void take(char c) {
    switch (c) {
      case '.': ++parts_; break;
      case ',':
      case '\n': parts_ = 0; break;
      case '[':
      case '{': open(); break;
      case ']':
      case '}': close(); break;
      default: break;
    }
  }

  void open() {
    outer_.push_back(parts_);
    depth_ += parts_ + 1;
    parts_ = 0;
  }
  void close() {
    if (outer_.empty()) return;
    depth_ -= outer_.back() + 1;
    outer_.pop_back();
    parts_ = 0;
  }

  void skip_string(char quote) {
    const std::string long_quote(3, quote);
    const bool is_long = text_.substr(at_).starts_with(long_quote);
    const std::string_view end = is_long ? std::string_view(long_quote) : std::string_view(&quote, 1);
    auto from = at_ + end.size();
    for (; from < text_.size() && !text_.substr(from).starts_with(end); ++from) {
      if (quote == '"' && text_[from] == '\\') ++from;
      // One that is not closed is none: the next line is read as usual.
      if (!is_long && from < text_.size() && text_[from] == '\n') return skip_to(from);
    }
    skip_to(from + end.size());
  }

  void skip_to(std::size_t where) { at_ = std::min(where, text_.size()); }

  text_position position() const {
    const auto before = text_.substr(0, at_);
    const auto line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
    return {static_cast<unsigned>(std::ranges::count(before, '\n') + 1), static_cast<unsigned>(at_ - line_begin + 1)};
  }

  std::string_view text_;
  std::size_t at_ = 0, parts_ = 0, depth_ = 0;
  std::vector<std::size_t> outer_;
};

}  // namespace

std::optional<text_position> too_deep(std::string_view document) { return scanner(document).too_deep(); }

}  // namespace lineshaft::config
