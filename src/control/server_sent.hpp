#pragma once
// Server-sent events as text: "id: 5\nevent: started\ndata: {…}\n\n".
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace lineshaft::control {

void write_event(std::string& to, std::uint64_t id, std::string_view type, const boost::json::value& data);

}  // namespace lineshaft::control
