// lineshaft schema
#include <boost/json/serialize.hpp>
#include <iostream>

#include "cli/verbs.hpp"
#include "config/schema.hpp"

namespace lineshaft::cli {

verb schema_verb() {
  return {
      "schema",
      "Prints the JSON Schema of pipeline files, with the worker classes of this program.",
      "For editors: `lineshaft schema > pipeline.schema.json`, and `#:schema ./pipeline.schema.json` as the first line "
      "of the pipeline file.",
      "The schema itself.",
      {},
      {},
      [](const invocation& with) {
        std::cout << boost::json::serialize(config::schema(with.host.classes())) << '\n';
        return done;
      }};
}

}  // namespace lineshaft::cli
