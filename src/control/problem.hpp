#pragma once
// What went wrong with a request, as application/problem+json (RFC 9457): for a person, and for a program.
#include <string>

#include "control/message.hpp"
#include "lineshaft/error.hpp"

namespace lineshaft::control {

/// The title is that of the status code; the detail says what can be done about it.
reply problem(unsigned status, std::string detail);
/// Of something that the manager could not do: 504 where it took too long, else 409.
reply problem_of(const error& why);

/// "Not Found"
std::string_view title_of(unsigned status);

}  // namespace lineshaft::control
