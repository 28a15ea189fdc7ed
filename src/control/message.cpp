#include "control/message.hpp"

#include <boost/json/serialize.hpp>

namespace lineshaft::control {

std::string small(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

reply json_reply(const boost::json::value& body, unsigned status) {
  return {.status = status, .body = boost::json::serialize(body) + '\n', .headers = {}};
}

}  // namespace lineshaft::control
