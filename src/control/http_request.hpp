#pragma once
// A request as it comes over a connection: how much of one is taken in, what endpoints see of it, and the answer to
// bytes that are none.
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "control/limits.hpp"
#include "control/message.hpp"

namespace lineshaft::control {

using http_request = boost::beast::http::request<boost::beast::http::string_body>;
using http_request_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

void bound(http_request_parser& parser, const limits& most);

request request_of(http_request read);

/// The answer to what made a parser fail, if it deserves one: a client that has gone does not.
std::optional<reply> refusal_of(const boost::beast::error_code& ec);

}  // namespace lineshaft::control
