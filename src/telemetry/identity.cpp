#include "telemetry/identity.hpp"

#include <unistd.h>

#include <algorithm>
#include <format>

#include "telemetry/percent.hpp"
#include "telemetry/text.hpp"

namespace lineshaft::telemetry {

namespace {

constexpr std::string_view service_name = "OTEL_SERVICE_NAME", attributes = "OTEL_RESOURCE_ATTRIBUTES";

// With its end; execve(2) takes none that is longer (MAX_ARG_STRLEN), and no program would start for an attribute's
// sake.
constexpr std::size_t longest_variable = 128 * 1024;

std::string_view value_of(const environment_list& environment, std::string_view name) {
  for (const auto& variable : environment) {
    if (variable.starts_with(name) && std::string_view(variable).substr(name.size()).starts_with('='))
      return trim_blanks(std::string_view(variable).substr(name.size() + 1));
  }
  return {};
}

bool is_for(std::string_view attribute, std::string_view key) { return trim_blanks(cut(attribute, '=')) == key; }

// The items as they came, but for those of the key.
std::string without(std::string_view list, std::string_view key) {
  std::string kept;
  while (!list.empty()) {
    const auto item = cut(list, ',');
    if (!trim_blanks(item).empty() && !is_for(item, key)) kept.append(kept.empty() ? "" : ",").append(item);
  }
  return kept;
}

}  // namespace

void write_service(environment_list& environment, std::string_view service) {
  const std::string inherited(value_of(environment, attributes));
  const bool named =
      !value_of(environment, service_name).empty() || without(inherited, "service.name") != without(inherited, "");
  if (named || service.empty()) return;
  erase_variable(environment, service_name);
  environment.push_back(std::format("{}={}", service_name, service));
}

void write_identity(environment_list& environment, std::string_view service, std::string_view worker,
                    std::uint32_t generation, std::string_view fresh) {
  write_service(environment, service);
  const auto others = without(value_of(environment, attributes), "service.instance.id");
  auto mine = std::format("{}={}{}service.instance.id={}/{}/{}", attributes, others, others.empty() ? "" : ",",
                          percent_encode(worker), generation, fresh);
  if (mine.size() >= longest_variable) mine = std::format("{}={}", attributes, others);
  erase_variable(environment, attributes);
  environment.push_back(std::move(mine));
}

// std::random_device asks the processor, which takes 20 µs where it is a virtual one.
std::string fresh_digits() {
  std::uint32_t chance = 0;
  (void)::getentropy(&chance, sizeof chance);
  return std::format("{:08x}", chance);
}

}  // namespace lineshaft::telemetry
