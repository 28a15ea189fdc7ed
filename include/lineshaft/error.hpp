#pragma once
// Errors are values: what was being done, and why it could not be done.
#include <expected>
#include <string>
#include <system_error>

namespace lineshaft {

/// Why something asked for could not be done. `code` is for programs, `message()` for people.
/// A default-made `code` (no error number) means that `doing` says everything.
struct error {
  std::error_code code;
  std::string doing;  ///< "cannot open '/tmp/x'"

  /// "cannot open '/tmp/x': No such file or directory"
  std::string message() const;
};

/// A value, or why there is none.
template <class T = void>
using result = std::expected<T, error>;

/// `return fail(code, "cannot …");` from any function that returns a result.
std::unexpected<error> fail(std::error_code code, std::string doing);
std::unexpected<error> fail(std::errc code, std::string doing);
std::unexpected<error> fail(std::string doing);

}  // namespace lineshaft
