// lineshaft version
#include <boost/json/serialize.hpp>
#include <iostream>

#include "cli/verbs.hpp"

namespace lineshaft::cli {

verb version_verb() {
  return {"version", "Says the version.", "", "{\"version\"}", {}, {}, [](const invocation& with) {
            if (with.common.json) {
              std::cout << boost::json::serialize(boost::json::object{{"version", LINESHAFT_VERSION}}) << '\n';
            } else {
              std::cout << "lineshaft " LINESHAFT_VERSION "\n";
            }
            return done;
          }};
}

}  // namespace lineshaft::cli
