#include "control/server_sent.hpp"

#include <boost/json/serialize.hpp>
#include <format>
#include <iterator>

namespace lineshaft::control {

// JSON has no newline outside of its strings, where it is escaped.
void write_event(std::string& to, std::uint64_t id, std::string_view type, const boost::json::value& data) {
  std::format_to(std::back_inserter(to), "id: {}\nevent: {}\ndata: {}\n\n", id, type, boost::json::serialize(data));
}

}  // namespace lineshaft::control
