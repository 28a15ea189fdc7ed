#include "telemetry/baggage_propagator.hpp"

#include <gtest/gtest.h>
#include <opentelemetry/baggage/baggage_context.h>

#include <map>

using namespace lineshaft::telemetry;
namespace otel = opentelemetry;
using otel::baggage::Baggage;

namespace {

class map_carrier final : public otel::context::propagation::TextMapCarrier {
 public:
  otel::nostd::string_view Get(otel::nostd::string_view key) const noexcept override {
    const auto found = values.find(std::string(key));
    return found == values.end() ? otel::nostd::string_view() : otel::nostd::string_view(found->second);
  }
  void Set(otel::nostd::string_view key, otel::nostd::string_view value) noexcept override {
    values[std::string(key)] = std::string(value);
  }

  std::map<std::string, std::string> values;
};

otel::context::Context extracted(const std::string& header) {
  map_carrier carrier;
  carrier.values["baggage"] = header;
  otel::context::Context root;
  return baggage_propagator().Extract(carrier, root);
}

std::string injected(const otel::context::Context& context) {
  map_carrier carrier;
  baggage_propagator().Inject(carrier, context);
  return carrier.values["baggage"];
}

std::string value_of(const otel::context::Context& context, const char* key) {
  std::string value;
  return otel::baggage::GetBaggage(context)->GetValue(key, value) ? value : "none";
}

}  // namespace

TEST(baggage_propagator, gives_decoded_values_to_the_program_and_passes_the_header_on_as_it_was) {
  const std::string replaced = "\xef\xbf\xbd";
  const struct {
    std::string header, value;
  } rows[] = {
      {"a=1", "1"},
      {"a=Am%C3%A9lie", "Am\xc3\xa9lie"},
      {"a=x%20y+z", "x y+z"},
      {"a=1;p=v", "1;p=v"},
      // what the API's Baggage cannot tell apart, or cannot hold
      {"a=1%3Bp=v", "1;p=v"},
      {"a=1%3Bp=v;q", "1;p=v;q"},
      {"a=1%3B", "1;"},
      {"a=%00x", replaced + "x"},
      {"a=%FFx;p", replaced + "x;p"},
  };
  for (const auto& row : rows) {
    const auto context = extracted(row.header);
    EXPECT_EQ(value_of(context, "a"), row.value);
    EXPECT_EQ(injected(context), row.header);
  }
}

TEST(baggage_propagator, writes_what_the_program_put_in_as_one_member) {
  const struct {
    std::string value, header;
  } rows[] = {
      {"1", "a=1"},
      {"", "a="},
      {"x y", "a=x%20y"},
      {"50%", "a=50%25"},
      {"x,b=2", "a=x%2Cb=2"},
      {"%3B", "a=%253B"},
      // behind the first semicolon: properties, as the API has it, or else no separator at all
      {"1;p=v;q", "a=1;p=v;q"},
      {"1;", "a=1%3B"},
      {"1;p=v,b=2", "a=1%3Bp=v%2Cb=2"},
      {"x=%2C;=%", "a=x=%252C%3B=%25"},
  };
  for (const auto& row : rows) {
    otel::context::Context root;
    const auto context = otel::baggage::SetBaggage(root, Baggage::GetDefault()->Set("a", row.value));
    EXPECT_EQ(injected(context), row.header) << row.value;
  }
}

TEST(baggage_propagator, passes_on_changes_and_keeps_the_rest) {
  auto context = extracted("a=1%3Bx,b=2%3Bx,c=3;p");
  const auto changed = otel::baggage::GetBaggage(context)->Set("b", "new")->Delete("c");
  EXPECT_EQ(injected(otel::baggage::SetBaggage(context, changed)), "b=new,a=1%3Bx");
}

TEST(baggage_propagator, writes_each_key_once_as_the_program_reads_it) {
  otel::context::Context root;
  const auto context = otel::baggage::SetBaggage(root, Baggage::FromHeader("a=1,b=2,a=3"));
  EXPECT_EQ(value_of(context, "a"), "1");
  EXPECT_EQ(injected(context), "a=1,b=2");
}

TEST(baggage_propagator, leaves_a_context_alone_where_there_is_no_baggage) {
  for (const auto* header : {"", "nonsense", "a=%zz"}) {
    EXPECT_TRUE(extracted(header) == otel::context::Context());
    EXPECT_EQ(injected(extracted(header)), "");
  }
}

TEST(baggage_propagator, names_its_field) {
  std::string fields;
  baggage_propagator().Fields([&](otel::nostd::string_view field) {
    fields += std::string(field) + ' ';
    return true;
  });
  EXPECT_EQ(fields, "baggage ");
}
