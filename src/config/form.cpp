#include "config/form.hpp"

#include "policy/user_spec.hpp"

namespace lineshaft::config {

boost::json::object text_schema(std::string_view pattern) {
  constexpr std::string_view variable = R"(.*\$\{.*\}.*)";
  const auto whole = pattern.empty() ? std::format("^{}$", variable) : std::format("^({}|{})$", pattern, variable);
  return {{"type", "string"}, {"pattern", whole}};
}

namespace form {
namespace {

constexpr std::string_view stack_step = "stack";

bool is_stack_step(const value& step) {
  const auto* text = step.as<std::string>();
  return text != nullptr && *text == stack_step;
}

template <class Parse>
auto parse_text(const value& from, Parse parse) -> decltype(parse(std::string_view())) {
  const auto* given = from.as<std::string>();
  if (given == nullptr) return wrong_type();
  return parse(std::string_view(*given));
}

// A bare number is what people write first.
template <class Parse>
auto parse_measure(const value& from, Parse parse) -> decltype(parse(std::string_view())) {
  if (const auto* number = from.as<std::int64_t>(); number != nullptr && *number == 0) return parse("0");
  if (from.as<std::int64_t>() != nullptr || from.as<double>() != nullptr) return std::unexpected("has no unit");
  return parse_text(from, parse);
}

}  // namespace

std::unexpected<std::string> wrong_type() { return std::unexpected(std::string("has the wrong type")); }

reading<bool> boolean::parse(const value& from) {
  const auto* given = from.as<bool>();
  if (given == nullptr) return wrong_type();
  return *given;
}

reading<std::string> text::parse(const value& from) {
  return parse_text(from, [](std::string_view given) -> reading<std::string> {
    if (given.contains('\0')) return std::unexpected("contains a NUL");
    return std::string(given);
  });
}

reading<std::chrono::milliseconds> duration::parse(const value& from) { return parse_measure(from, parse_duration); }
reading<std::uint64_t> size::parse(const value& from) { return parse_measure(from, parse_size); }
reading<lineshaft::restart_limit> restart_limit::parse(const value& from) {
  return parse_text(from, parse_restart_limit);
}
reading<stop_rung> rung::parse(const value& from) { return parse_text(from, parse_rung); }
reading<std::uint32_t> umask::parse(const value& from) { return parse_text(from, parse_umask); }

reading<lineshaft::resource_limit> resource_limit::parse(const value& from) {
  if (const auto* number = from.as<std::int64_t>()) {
    if (*number < 0) return std::unexpected("is out of range");
    return lineshaft::resource_limit(static_cast<std::uint64_t>(*number));
  }
  return parse_text(from, parse_resource_limit);
}

boost::json::object resource_limit::schema() {
  return {{"anyOf",
           {boost::json::object{{"type", "integer"}, {"minimum", 0}},
            text_schema(
                R"((unlimited|[0-9.]+(B|KiB|MiB|GiB|kB|MB|GB)?)(:(unlimited|[0-9.]+(B|KiB|MiB|GiB|kB|MB|GB)?))?)")}}};
}

reading<std::string> user::parse(const value& from) {
  return parse_text(from, [](std::string_view given) -> reading<std::string> {
    if (!policy::parse_user_spec(given)) return std::unexpected("names no user");
    return std::string(given);
  });
}

bool watchdog_ladder::read(const value& from, const std::string& path, type& into, faults& found) {
  auto signals = from;
  auto* steps = signals.as<array>();
  if (steps == nullptr) {
    found.push_back({from.where, path, to_text(from) + " has the wrong type", expected() + " is expected"});
    return false;
  }
  if (!steps->empty() && is_stack_step(steps->front())) steps->erase(steps->begin());
  if (const auto late = std::ranges::find_if(*steps, is_stack_step); late != steps->end()) {
    found.push_back({late->where, path, "the stack is written down before anything else is done",
                     std::format("\"{}\" as the first step, or nowhere, is expected", stack_step)});
    return false;
  }
  return list<rung>::read(signals, path, into, found);
}

std::string watchdog_ladder::write(const type& shown) {
  std::string text = std::format("[\"{}\"", stack_step);
  for (const auto& one : shown) text += ", " + rung::write(one);
  return text + "]";
}

boost::json::object watchdog_ladder::schema() {
  const auto step = text_schema(std::format("{}|{}", stack_step, rung::pattern));
  return {{"type", "array"}, {"items", step}};
}

bool variables::read(const value& from, const std::string& path, type& into, faults& found) {
  const auto* all = from.as<table>();
  if (all == nullptr) {
    found.push_back({from.where, path, to_text(from) + " has the wrong type", expected() + " is expected"});
    return false;
  }
  bool fits = true;
  for (const auto& one : *all) {
    const auto key = path + "." + one.name;
    if (one.name.empty() || one.name.contains('=') || one.name.contains('\0')) {
      found.push_back({one.where, key, "this cannot be the name of an environment variable", ""});
      fits = false;
      continue;
    }
    fits = read_scalar<text>(one.content, key, into[one.name], found) && fits;
  }
  return fits;
}

boost::json::object variables::schema() {
  return {{"type", "object"}, {"additionalProperties", boost::json::object{{"type", "string"}}}};
}

}  // namespace form
}  // namespace lineshaft::config
