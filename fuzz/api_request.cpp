// A request to the API: the method and the target in the first line, headers as the second, the body behind them.
#include "control/access.hpp"
#include "control/service.hpp"
#include "input.hpp"

using namespace lineshaft::control;
using lineshaft::role;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto [line, rest] = fuzz::first_line(fuzz::text(data + 1, size - 1));
  const auto [header, body] = fuzz::first_line(rest);
  const auto blank = std::min(line.find(' '), line.size());
  const request asked{
      std::string(line.substr(0, blank)),
      std::string(line.substr(std::min(blank + 1, line.size()))),
      {{"authorization", std::string(header)}, {"host", std::string(header)}, {"last-event-id", std::string(header)}},
      std::string(body)};
  const auto may = static_cast<role>(data[0] % 5);
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
  const access_rules rules{{}, {{"a-token-of-twenty-letters", role::admin}}, {"127.0.0.1:8080"}};
  const auto granted = role_of_request(rules, asked);
  if (granted && *granted > role::nobody) fuzz::must(header.contains("a-token-of-twenty-letters"));
  return 0;
}
