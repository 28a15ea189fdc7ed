#include "config/document.hpp"

#include <algorithm>
#include <format>
#include <sstream>

#include "config/nesting.hpp"

// Errors are values here too.
// toml++ asserts what it then checks: with assertions a wrong key is the end of the manager, and with NDEBUG the
// compiler may take the check away.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 1
#include <toml++/toml.hpp>

namespace lineshaft::config {
namespace {

class converter {
 public:
  explicit converter(const std::string& file) : file_(std::make_shared<const std::string>(file)) {}

  place at(const toml::source_region& region) const { return {file_, region.begin.line, region.begin.column}; }

  value convert(const toml::node& node) const {
    value out{at(node.source()), {}};
    node.visit([&](const auto& one) { out.held = content(one); });
    return out;
  }

 private:
  table content(const toml::table& from) const {
    table out;
    for (const auto& [key, node] : from) out.push_back({std::string(key.str()), at(key.source()), convert(node)});
    // toml++ keeps them by name; here the order is that of the file.
    std::ranges::stable_sort(out, [](const member& a, const member& b) {
      return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
    });
    return out;
  }
  array content(const toml::array& from) const {
    array out;
    for (const auto& node : from) out.push_back(convert(node));
    return out;
  }
  bool content(const toml::value<bool>& from) const { return from.get(); }
  std::int64_t content(const toml::value<std::int64_t>& from) const { return from.get(); }
  double content(const toml::value<double>& from) const { return from.get(); }
  std::string content(const toml::value<std::string>& from) const { return from.get(); }
  moment content(const auto& date) const {
    std::ostringstream text;
    text << date.get();
    return {text.str()};
  }

  std::shared_ptr<const std::string> file_;
};

}  // namespace

std::expected<value, fault> parse_document(const std::string& file, std::string_view text) {
  const converter made(file);
  if (const auto where = too_deep(text))
    return std::unexpected(
        fault{made.at({{where->line, where->column}, {}, {}}), "",
              std::format("this is deeper than {} tables, arrays and parts of a key", deepest_nesting), ""});
  const auto parsed = toml::parse(text, file);
  if (!parsed) {
    const auto& why = parsed.error();
    return std::unexpected(fault{made.at(why.source()), "", "this is no TOML: " + std::string(why.description()), ""});
  }
  auto whole = made.convert(parsed.table());
  whole.where = {whole.where.file, 0, 0};
  return whole;
}

void merge(value& into, value later) {
  auto* const known = into.as<table>();
  auto* const added = later.as<table>();
  if (known == nullptr || added == nullptr) {
    into = std::move(later);
    return;
  }
  for (auto& one : *added) {
    const auto at = std::ranges::find(*known, one.name, &member::name);
    if (at == known->end()) {
      known->push_back(std::move(one));
    } else if (at->content.as<table>() != nullptr && one.content.as<table>() != nullptr) {
      merge(at->content, std::move(one.content));
    } else {
      *at = std::move(one);
    }
  }
}

}  // namespace lineshaft::config
