#include "supervisor/endpoint.hpp"

#include <gtest/gtest.h>

using lineshaft::supervisor::parse_endpoint;

TEST(endpoint, is_a_numeric_address_with_a_port_or_a_path) {
  const struct {
    const char* text;
    const char* problem;
  } rows[] = {
      {"127.0.0.1:8080", ""},
      {"[::1]:0", ""},
      {"0.0.0.0:65535", ""},
      {"unix:/run/x.sock", ""},
      {"127.0.0.1", "expected ADDRESS:PORT or unix:PATH"},
      {"127.0.0.1:", "expected ADDRESS:PORT or unix:PATH"},
      {"127.0.0.1:65536", "expected ADDRESS:PORT or unix:PATH"},
      {"127.0.0.1:8080x", "expected ADDRESS:PORT or unix:PATH"},
      {"localhost:80", "expected a numeric address, like 127.0.0.1 or [::1]"},
      {":80", "expected a numeric address, like 127.0.0.1 or [::1]"},
      {"", "expected ADDRESS:PORT or unix:PATH"},
      {"unix:", "expected a path after 'unix:'"},
  };
  for (const auto& row : rows) {
    const auto parsed = parse_endpoint(row.text);
    const auto expected = *row.problem == 0 ? "" : "cannot listen at '" + std::string(row.text) + "': " + row.problem;
    EXPECT_EQ(parsed ? "" : parsed.error().message(), expected);
  }
  EXPECT_FALSE(parse_endpoint("unix:" + std::string(200, 'x')));
}
