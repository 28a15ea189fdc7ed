#include "control/message.hpp"

#include <boost/json/serialize.hpp>

namespace lineshaft::control {

reply json_reply(const boost::json::value& body, unsigned status) {
  return {.status = status, .body = boost::json::serialize(body) + '\n', .headers = {}};
}

}  // namespace lineshaft::control
