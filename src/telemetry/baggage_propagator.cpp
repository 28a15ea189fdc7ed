#include "telemetry/baggage_propagator.hpp"

#include <opentelemetry/baggage/baggage_context.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "telemetry/baggage.hpp"
#include "telemetry/utf8.hpp"

namespace lineshaft::telemetry {

namespace otel = opentelemetry;
using otel::baggage::Baggage;
using baggage_pointer = otel::nostd::shared_ptr<Baggage>;

namespace {

constexpr const char* baggage_key = "baggage";
// Where a context keeps the baggage as it came, for members that the API's Baggage has no room for: it keeps
// C strings, with value and properties in one.
constexpr const char* original_key = "lineshaft.baggage";

std::string_view plain(otel::nostd::string_view text) { return {text.data(), text.size()}; }

std::string to_api(const baggage_member& member) {
  return well_formed_utf8(member.value) + (member.properties.empty() ? "" : ';' + member.properties);
}

// What follows a semicolon is properties if it can be, else it belongs to the value: whatever a program
// puts in, it comes out as one member.
baggage_member from_api(std::string_view key, std::string_view value) {
  baggage_member member{.key = std::string(key), .value = std::string(value), .properties = {}};
  const auto end = value.find(';');
  if (end == value.npos || !parse_baggage_properties(value.substr(end + 1), member.properties)) return member;
  if (!member.properties.empty()) member.value.resize(end);
  return member;
}

baggage_pointer baggage_in(const otel::context::Context& context, const char* key) {
  const auto value = context.GetValue(key);
  if (!otel::nostd::holds_alternative<baggage_pointer>(value)) return {};
  return otel::nostd::get<baggage_pointer>(value);
}

std::vector<baggage_member> original_members(const otel::context::Context& context) {
  std::string header;
  if (const auto original = baggage_in(context, original_key)) original->GetValue(original_key, header);
  return parse_baggage(header);
}

}  // namespace

otel::context::Context baggage_propagator::Extract(const otel::context::propagation::TextMapCarrier& carrier,
                                                   otel::context::Context& context) noexcept {
  const auto members = parse_baggage(plain(carrier.Get(baggage_key)));
  if (members.empty()) return context;
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& member : members) values.emplace_back(member.key, to_api(member));
  auto extracted = context.SetValue(baggage_key, baggage_pointer(std::make_shared<Baggage>(values)));
  const bool all_there =
      std::ranges::all_of(members, [](auto& member) { return from_api(member.key, to_api(member)) == member; });
  if (all_there) return extracted;
  const std::vector<std::pair<std::string, std::string>> original = {{original_key, format_baggage(members)}};
  return extracted.SetValue(original_key, baggage_pointer(std::make_shared<Baggage>(original)));
}

void baggage_propagator::Inject(otel::context::propagation::TextMapCarrier& carrier,
                                const otel::context::Context& context) noexcept {
  const auto baggage = baggage_in(context, baggage_key);
  if (!baggage) return;
  const auto originals = original_members(context);
  std::vector<baggage_member> members;
  baggage->GetAllEntries([&](otel::nostd::string_view key, otel::nostd::string_view value) {
    if (std::ranges::contains(members, plain(key), &baggage_member::key)) return true;
    const auto original = std::ranges::find(originals, plain(key), &baggage_member::key);
    const bool unchanged = original != originals.end() && to_api(*original) == plain(value);
    members.push_back(unchanged ? *original : from_api(plain(key), plain(value)));
    return true;
  });
  const auto header = format_baggage(members);
  if (!header.empty()) carrier.Set(baggage_key, header);
}

bool baggage_propagator::Fields(otel::nostd::function_ref<bool(otel::nostd::string_view)> callback) const noexcept {
  return callback(baggage_key);
}

}  // namespace lineshaft::telemetry
