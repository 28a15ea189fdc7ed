#pragma once
// The options of worker classes that need none.
#include <boost/describe/class.hpp>

namespace bench {

struct no_options {};
BOOST_DESCRIBE_STRUCT(no_options, (), ())

}  // namespace bench
