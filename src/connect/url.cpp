#include "lineshaft/connect.hpp"

#include <format>

namespace lineshaft {

namespace {

// "key=value&key=value" into `into`; the sentence of what is wrong, or nothing.
std::string read_parameters(std::string_view text, std::map<std::string, std::string>& into) {
  while (!text.empty()) {
    const auto part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0) return "'" + std::string(part) + "' is no key=value";
    const std::string key(part.substr(0, equals));
    if (!into.emplace(key, part.substr(equals + 1)).second) return "'" + key + "' is given twice";
  }
  return {};
}

}  // namespace

result<connector_url> parse_connector_url(std::string_view text) {
  const auto cannot = "cannot read URL '" + std::string(text) + "': ";
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0)
    return fail(std::errc::invalid_argument, cannot + "expected scheme:rest");
  connector_url url{
      .text = std::string(text), .scheme = std::string(text.substr(0, colon)), .rest = {}, .parameters = {}};
  const auto rest = text.substr(colon + 1);
  const auto question = rest.find('?');
  url.rest = rest.substr(0, question);
  if (question == std::string_view::npos) return url;
  if (auto wrong = read_parameters(rest.substr(question + 1), url.parameters); !wrong.empty()) {
    return fail(std::errc::invalid_argument, cannot + wrong);
  }
  return url;
}

result<> connector_url::check_parameters(std::initializer_list<std::string_view> known) const {
  for (const auto& [key, value] : parameters) {
    std::string names;
    bool is_known = false;
    for (const auto name : known) {
      is_known = is_known || name == key;
      if (!names.empty()) names += ", ";
      names += name;
    }
    if (is_known) continue;
    const auto there_are = names.empty() ? std::format("{} has none", scheme) : std::format("there are: {}", names);
    return fail(std::errc::invalid_argument,
                std::format("there is no parameter '{}' in '{}'; {}", key, text, there_are));
  }
  return {};
}

}  // namespace lineshaft
