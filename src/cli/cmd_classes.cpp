// lineshaft classes
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>

#include "cli/verbs.hpp"

namespace lineshaft::cli {
verb classes_verb() {
  return {
      "classes",
      "Shows the worker classes of this program, with their options and what these are without being given.",
      "A program of your own has its classes here by lineshaft::main.",
      "{\"classes\": [{\"name\", \"options\"}]}",
      {},
      {},
      [](const invocation& with) {
        const auto classes = with.host.classes();
        if (with.common.json) {
          boost::json::array all;
          for (const auto& one : classes)
            all.push_back(boost::json::object{{"name", one.name}, {"options", one.defaults()}});
          std::cout << boost::json::serialize(boost::json::object{{"classes", std::move(all)}}) << '\n';
          return done;
        }
        for (const auto& one : classes) {
          std::cout << one.name << '\n';
          for (const auto& [name, value] : one.defaults())
            std::cout << "  " << std::string_view(name) << " = " << boost::json::serialize(value) << '\n';
        }
        if (classes.empty())
          std::cout << "This program has no worker classes: it runs programs alone. Yours has, by lineshaft::main.\n";
        return done;
      }};
}

}  // namespace lineshaft::cli
