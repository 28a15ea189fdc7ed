#pragma once
// A request and its answer, free of any HTTP library: what endpoints see.
#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/role.hpp"

namespace lineshaft::control {

struct request {
  std::string method;
  std::string target;                          ///< as it came: "/v1/workers/a?x=y"
  std::map<std::string, std::string> headers;  ///< those that are looked at, names in small letters
  std::string body;
  std::string by = {};  ///< who asks: "api user 1000 process 4711"
};

class stream;

struct reply {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<stream> goes_on;  ///< in place of a body
};

/// ASCII alone: in names of headers, hosts and methods.
std::string small(std::string_view text);

reply json_reply(const boost::json::value& body, unsigned status = 200);

}  // namespace lineshaft::control
