#include "control/http_request.hpp"

#include <array>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include "control/problem.hpp"

namespace lineshaft::control {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// What endpoints and access look at.
constexpr std::array seen_headers = {http::field::host, http::field::origin, http::field::authorization,
                                     http::field::accept};
constexpr std::string_view last_event_id = "Last-Event-ID";

}  // namespace

void bound(http_request_parser& parser, const limits& most) {
  parser.header_limit(most.header_bytes);
  parser.body_limit(most.body_bytes);
}

request request_of(http_request read) {
  request asked{std::string(read.method_string()), std::string(read.target()), {}, std::move(read.body())};
  for (const auto field : seen_headers) {
    if (const auto found = read.find(field); found != read.end()) {
      asked.headers.emplace(small(http::to_string(field)), found->value());
    }
  }
  if (const auto found = read.find(last_event_id); found != read.end()) {
    asked.headers.emplace(small(last_event_id), found->value());
  }
  return asked;
}

std::optional<reply> refusal_of(const beast::error_code& ec) {
  if (ec == beast::error::timeout) return problem(408, "the request took too long to arrive");
  if (ec == http::error::header_limit) return problem(431, "the headers are too large");
  if (ec == http::error::body_limit) return problem(413, "the body is too large");
  if (ec.category() == http::make_error_code(http::error::bad_method).category() && ec != http::error::end_of_stream &&
      ec != http::error::partial_message) {
    return problem(400, "this is no HTTP request: " + ec.message());
  }
  return std::nullopt;
}

}  // namespace lineshaft::control
