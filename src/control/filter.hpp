#pragma once
// Which workers somebody wants to hear of.
#include <string>
#include <string_view>
#include <vector>

namespace lineshaft::control {

class worker_filter {
 public:
  /// Names and patterns of glob(7), with commas between them: "listener,processor-*". Empty: all.
  explicit worker_filter(std::string_view text);
  bool lets_pass(const std::string& worker) const;

 private:
  std::vector<std::string> patterns_;
};

}  // namespace lineshaft::control
