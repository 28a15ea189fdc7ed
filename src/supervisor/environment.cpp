#include "supervisor/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace lineshaft::supervisor {
namespace {

constexpr std::array<std::string_view, 5> own_names{"TRACEPARENT", "TRACESTATE", "BAGGAGE", "LINESHAFT_WORKER",
                                                    "LINESHAFT_GENERATION"};

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

void set(std::vector<std::string>& environment, const std::string& name, const std::string& value) {
  std::erase_if(environment, [&](const std::string& entry) { return name_of(entry) == name; });
  environment.push_back(name + "=" + value);
}

}  // namespace

std::vector<std::string> inherited_environment() {
  std::vector<std::string> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (std::ranges::find(own_names, name_of(*entry)) == own_names.end()) all.emplace_back(*entry);
  }
  return all;
}

std::vector<std::string> worker_environment(std::vector<std::string> inherited, const trace_context& context,
                                            const std::string& name, std::uint32_t generation,
                                            const std::map<std::string, std::string>& extra) {
  auto environment = std::move(inherited);
  if (!context.traceparent.empty()) environment.push_back("TRACEPARENT=" + context.traceparent);
  if (!context.tracestate.empty()) environment.push_back("TRACESTATE=" + context.tracestate);
  if (!context.baggage.empty()) environment.push_back("BAGGAGE=" + context.baggage);
  environment.push_back("LINESHAFT_WORKER=" + name);
  environment.push_back("LINESHAFT_GENERATION=" + std::to_string(generation));
  for (const auto& [key, value] : extra) set(environment, key, value);
  return environment;
}

}  // namespace lineshaft::supervisor
