// What a stranger may send: never a crash, and what is accepted comes out as something accepted and equal.
#include <gtest/gtest.h>

#include <random>

#include "lineshaft/trace_context.hpp"
#include "telemetry/baggage.hpp"
#include "telemetry/traceparent.hpp"
#include "telemetry/tracestate.hpp"

using namespace lineshaft;
using namespace lineshaft::telemetry;

namespace {

// Seeded: the same inputs in every run.
class input_maker {
 public:
  // A well-formed header with a few bytes changed, put in or taken out; or nothing but random bytes.
  std::string make(std::string_view seed) {
    std::string text(random_(4) == 0 ? "" : seed);
    for (auto changes = random_(text.empty() ? 60 : 4); changes > 0; --changes) change(text);
    return text;
  }

 private:
  void change(std::string& text) {
    const auto at = random_(text.size() + 1);
    const auto what = random_(3);
    if (what == 0 || at == text.size())
      text.insert(at, 1, character());
    else if (what == 1)
      text.erase(at, 1);
    else
      text[at] = character();
  }

  // Mostly those that mean something to one of the grammars.
  char character() {
    constexpr std::string_view telling = ",;=% \t+@-_*/0123456789abcdefABCDEFgz\"\\\n.\x7f\xc3\xa9";
    return random_(8) == 0 ? static_cast<char>(random_(256)) : telling[random_(telling.size())];
  }

  std::size_t random_(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(engine_); }

  std::mt19937 engine_{20240229};
};

constexpr int inputs = 100'000;

}  // namespace

TEST(random_input, to_traceparent) {
  input_maker maker;
  int accepted = 0;
  for (int i = 0; i < inputs; ++i) {
    const auto parent = parse_traceparent(maker.make("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    if (!parent) continue;
    ++accepted;
    ASSERT_EQ(parse_traceparent(format_traceparent(*parent)), parent);
  }
  EXPECT_GT(accepted, inputs / 10);
}

TEST(random_input, to_tracestate) {
  input_maker maker;
  int accepted = 0;
  for (int i = 0; i < inputs; ++i) {
    const auto members = parse_tracestate(maker.make("rojo=00f067aa0ba902b7, tenant@system=t61 rcWkgMzE,a=1"));
    accepted += members.empty() ? 0 : 1;
    ASSERT_EQ(parse_tracestate(format_tracestate(members)), members);
  }
  EXPECT_GT(accepted, inputs / 10);
}

TEST(random_input, to_baggage) {
  input_maker maker;
  int accepted = 0;
  for (int i = 0; i < inputs; ++i) {
    const auto members = parse_baggage(maker.make("user=Am%C3%A9lie;p=v;q, a = %00%2C%3B ,b=1+1=2"));
    accepted += members.empty() ? 0 : 1;
    ASSERT_EQ(parse_baggage(format_baggage(members)), members);
  }
  EXPECT_GT(accepted, inputs / 10);
}

TEST(random_input, to_a_scope_is_current_in_it) {
  input_maker maker;
  for (int i = 0; i < inputs / 10; ++i) {
    const trace_context given = {.traceparent = maker.make("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                                 .tracestate = maker.make("rojo=00f067aa0ba902b7, tenant@system=t61 rcWkgMzE,a=1"),
                                 .baggage = maker.make("user=Am%C3%A9lie;p=v;q, a = %00%2C%3B ,b=1+1=2")};
    const auto parent = parse_traceparent(given.traceparent);
    const trace_context expected = {.traceparent = parent ? format_traceparent(*parent) : "",
                                    .tracestate = parent ? format_tracestate(parse_tracestate(given.tracestate)) : "",
                                    .baggage = format_baggage(parse_baggage(given.baggage))};
    const context_scope scope(given);
    ASSERT_EQ(current_trace_context(), expected);
  }
}
