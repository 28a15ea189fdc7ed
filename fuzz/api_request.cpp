// What a client sends over a connection: bytes in pieces, through the parser and the limits of the server, up to what
// each request in them means.
#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>

#include "control/access.hpp"
#include "control/http_request.hpp"
#include "control/service.hpp"
#include "input.hpp"

using namespace lineshaft::control;
using lineshaft::role;

namespace {

/// A connection on which the client has said all that it will.
class client {
 public:
  client(std::string_view says, std::size_t piece) : rest_(says), piece_(piece) {}

  template <class Buffers>
  std::size_t read_some(const Buffers& into, boost::beast::error_code& ec) {
    const auto taken = boost::asio::buffer_copy(into, boost::asio::buffer(rest_.substr(0, piece_)));
    rest_.remove_prefix(taken);
    if (taken == 0) ec = boost::asio::error::eof;
    return taken;
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& into) {
    boost::beast::error_code ec;
    return read_some(into, ec);
  }

 private:
  std::string_view rest_;
  std::size_t piece_;
};

const access_rules rules{{}, {{"a-token-of-twenty-letters", role::admin}}, {"127.0.0.1:8080"}};

void understand(const request& asked, role may, std::string_view said) {
  const auto understandable = understood(asked, may);
  if (understandable) {
    fuzz::must(may >= understandable->to->needs);
    (void)understandable->given.duration("within");
    (void)understandable->given.signal("signal");
    (void)understandable->given.number("replicas", 1000);
    (void)understandable->given.boolean("follow", true);
  } else {
    fuzz::must(understandable.error().status >= 400);
  }
  const auto granted = role_of_request(rules, asked);
  if (granted && *granted > role::nobody) fuzz::must(said.contains("a-token-of-twenty-letters"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto may = static_cast<role>(data[0] % 5);
  const auto said = fuzz::text(data + 1, size - 1);
  client from(said, std::size_t{1} << data[0] / 5 % 13);
  // Small, so that inputs of a fuzzer's size reach them.
  const limits most{.header_bytes = 512, .body_bytes = 256};
  boost::beast::flat_buffer buffer;
  for (;;) {
    http_request_parser parser;
    bound(parser, most);
    boost::beast::error_code ec;
    boost::beast::http::read(from, buffer, parser, ec);
    if (ec) {
      if (const auto refused = refusal_of(ec)) fuzz::must(refused->status >= 400 && !refused->body.empty());
      return 0;
    }
    const auto asked = request_of(parser.release());
    fuzz::must(asked.body.size() <= most.body_bytes && asked.target.size() <= most.header_bytes);
    understand(asked, may, said);
  }
}
