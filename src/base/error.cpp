#include "lineshaft/error.hpp"

namespace lineshaft {

std::string error::message() const { return code ? doing + ": " + code.message() : doing; }

std::unexpected<error> fail(std::error_code code, std::string doing) {
  return std::unexpected(error{code, std::move(doing)});
}

std::unexpected<error> fail(std::errc code, std::string doing) {
  return fail(std::make_error_code(code), std::move(doing));
}

std::unexpected<error> fail(std::string doing) { return fail(std::error_code{}, std::move(doing)); }

}  // namespace lineshaft
