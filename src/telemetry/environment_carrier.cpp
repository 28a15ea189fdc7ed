#include "telemetry/environment_carrier.hpp"

#include <algorithm>

namespace lineshaft::telemetry {

namespace otel = opentelemetry;

namespace {

// Linux: MAX_ARG_STRLEN, for one "NAME=value" and its NUL. A longer one fails the whole start with E2BIG.
constexpr std::size_t longest_variable = 131072;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) { return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }

std::string_view plain(otel::nostd::string_view text) { return {text.data(), text.size()}; }

std::string_view name_of(std::string_view variable) { return variable.substr(0, variable.find('=')); }

}  // namespace

std::string environment_name(std::string_view key) {
  std::string name;
  if (key.empty() || is_digit(key[0])) name += '_';
  for (const char c : key) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    name += is_name_character(upper) ? upper : '_';
  }
  return name;
}

void erase_variable(environment_list& environment, std::string_view name) {
  std::erase_if(environment, [name](const std::string& variable) { return name_of(variable) == name; });
}

otel::nostd::string_view environment_carrier::Get(otel::nostd::string_view key) const noexcept {
  const auto name = environment_name(plain(key));
  const auto found = std::ranges::find_if(*environment_, [&](const std::string& variable) {
    return variable.starts_with(name) && variable.size() > name.size() && variable[name.size()] == '=';
  });
  if (found == environment_->end()) return {};
  return {found->data() + name.size() + 1, found->size() - name.size() - 1};
}

void environment_carrier::Set(otel::nostd::string_view key, otel::nostd::string_view value) noexcept {
  const auto name = environment_name(plain(key));
  erase_variable(*environment_, name);
  if (name.size() + 1 + value.size() + 1 > longest_variable || plain(value).contains('\0')) return;
  environment_->push_back(name + '=' + std::string(plain(value)));
}

bool environment_carrier::Keys(otel::nostd::function_ref<bool(otel::nostd::string_view)> callback) const noexcept {
  return std::ranges::all_of(*environment_, [&](const std::string& variable) {
    const auto name = name_of(variable);
    const bool ours = !name.empty() && !is_digit(name[0]) && std::ranges::all_of(name, is_name_character);
    return !ours || callback(otel::nostd::string_view(name.data(), name.size()));
  });
}

}  // namespace lineshaft::telemetry
