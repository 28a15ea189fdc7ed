#pragma once
// What an exception says, whatever its type.
#include <exception>
#include <string>

namespace lineshaft::runtime {

/// what() of a std::exception, else "an exception of type int".
std::string exception_text(const std::exception_ptr& thrown);

/// A cancelled operation's exception: how a coroutine ends that was asked to.
bool is_cancellation(const std::exception_ptr& thrown);

}  // namespace lineshaft::runtime
