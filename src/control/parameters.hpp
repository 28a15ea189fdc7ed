#pragma once
// What a request asks for beside its path: in the query, or as the members of a JSON object in its body.
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "control/parameter.hpp"
#include "lineshaft/error.hpp"

namespace lineshaft::control {

/// Values as text, however they came. Each is asked for once at most by its endpoint; a value that cannot be read is
/// an error that says what was expected.
class parameters {
 public:
  /// A body that is no JSON object is an error; an empty one is none.
  static result<parameters> of(std::map<std::string, std::string> query, std::string_view body);

  std::optional<std::string> text(const std::string& name) const;
  /// "8s", "500ms"
  result<std::optional<std::chrono::milliseconds>> duration(const std::string& name) const;
  result<std::optional<std::uint64_t>> number(const std::string& name, std::uint64_t most) const;
  /// "true", "false"; named without a value: true
  result<bool> boolean(const std::string& name, bool otherwise) const;
  /// "SIGHUP", "HUP", "1"
  result<std::optional<int>> signal(const std::string& name) const;

  /// The first one that is not among these.
  std::optional<std::string> unknown(std::span<const parameter> known) const;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace lineshaft::control
