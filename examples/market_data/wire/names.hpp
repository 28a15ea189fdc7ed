#pragma once
// The vendor's short field names and the long ones that messages carry, in the order they are written.
#include <span>
#include <string_view>

#include "market_data/wire/stream.hpp"

namespace market_data {

struct field_name {
  std::string_view in_frame;    ///< as the vendor sends it
  std::string_view in_message;  ///< as it is written, ready for use: ,"symbol":
};

/// All fields of a message of this stream, in order. A field that the vendor left out is written as null.
/// Empty for `unknown`: such an event is passed on as it came.
std::span<const field_name> fields_of(stream);

}  // namespace market_data
