#include "control/problem.hpp"

#include <boost/json/serialize.hpp>

namespace lineshaft::control {

std::string_view title_of(unsigned status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "OK";
  }
}

reply problem(unsigned status, std::string detail) {
  const boost::json::object body{
      {"type", "about:blank"}, {"title", title_of(status)}, {"status", status}, {"detail", std::move(detail)}};
  return {.status = status,
          .content_type = "application/problem+json",
          .body = boost::json::serialize(body) + '\n',
          .headers = {}};
}

reply problem_of(const error& why) {
  if (why.code == std::errc::timed_out) return problem(504, why.message());
  return problem(409, why.message());
}

}  // namespace lineshaft::control
