#include "config/schema.hpp"

#include <boost/json/array.hpp>
#include <format>

#include "config/pipeline_keys.hpp"

namespace lineshaft::config {
namespace {

boost::json::object named_tables(boost::json::object each, std::string_view doc) {
  return {{"type", "object"},
          {"description", doc},
          {"propertyNames", boost::json::object{{"pattern", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}}},
          {"additionalProperties", std::move(each)}};
}

boost::json::object schema_of_option(const boost::json::value& without) {
  const auto type = [&]() -> std::string_view {
    switch (without.kind()) {
      case boost::json::kind::bool_: return "boolean";
      case boost::json::kind::int64:
      case boost::json::kind::uint64: return "integer";
      case boost::json::kind::double_: return "number";
      case boost::json::kind::string: return "string";
      case boost::json::kind::array: return "array";
      case boost::json::kind::object: return "object";
      case boost::json::kind::null: return {};
    }
    return {};
  }();
  boost::json::object schema{{"default", without}};
  if (!type.empty()) schema["type"] = type;
  return schema;
}

// What `options` may be where `class` is this one.
boost::json::object options_of(const worker_class& one) {
  boost::json::object properties;
  for (const auto& [name, value] : one.defaults()) properties[name] = schema_of_option(value);
  const boost::json::object options{
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  const boost::json::object is_this{{"required", {"class"}}, {"properties", {{"class", {{"const", one.name}}}}}};
  return {{"if", is_this}, {"then", {{"properties", {{"options", options}}}}}};
}

boost::json::object worker_schema(std::span<const worker_class> classes) {
  auto worker = schema_of(worker_keys());
  worker["oneOf"] = {boost::json::object{{"required", {"class"}}}, boost::json::object{{"required", {"command"}}}};
  boost::json::array names, options;
  for (const auto& one : classes) {
    names.push_back(boost::json::string(one.name));
    if (!one.defaults().empty()) options.push_back(options_of(one));
  }
  if (!options.empty()) worker["allOf"] = std::move(options);
  if (!names.empty())
    worker["properties"].as_object()["class"].as_object()["anyOf"] = {boost::json::object{{"enum", std::move(names)}},
                                                                      text_schema("")};
  return worker;
}

// A cell of a table.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

template <class T>
std::string rows(const keys<T>& known) {
  std::string text = "| key | value | default | |\n|---|---|---|---|\n";
  for (const auto& one : known) {
    auto value = one.expected;
    if (value.ends_with(',')) value.pop_back();
    const auto without = one.by_default.empty() || one.by_default == "\"\"" ? "" : "`" + one.by_default + "`";
    text += std::format("| `{}` | {} | {} | {} |\n", one.name, cell(value), cell(without), cell(one.doc));
  }
  return text;
}

}  // namespace

boost::json::object schema(std::span<const worker_class> classes) {
  auto pipeline = schema_of(pipeline_keys());
  pipeline["description"] = "What holds for the whole pipeline.";
  auto control = schema_of(control_keys());
  control["description"] = "Who may ask the running manager what.";
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "Lineshaft pipeline file"},
          {"type", "object"},
          {"additionalProperties", false},
          {"properties",
           boost::json::object{
               {"pipeline", std::move(pipeline)},
               {"control", std::move(control)},
               {"group", named_tables(schema_of(group_keys()), "Workers that stand and fall together.")},
               {"worker", named_tables(worker_schema(classes), "One worker: a class with options, or a program.")}}}};
}

std::string reference_page() {
  return std::format(R"(# The pipeline file

Made from the table of keys that reads it (`src/config/*_keys.cpp`) by `reference_test.cpp`, which also compares it: do not
edit it by hand. `lineshaft schema` prints the same as a JSON Schema.

TOML. Every table and key is optional but a worker's `class` or `command`; one that does not exist is an error. All
errors are told at once, as `FILE:LINE:COLUMN: KEY: what is wrong; what is expected`.

- **Durations** are a number and `ms`, `s`, `m`, `h` or `d`; **sizes** a number and `B`, `KiB`, `MiB`, `GiB`, `kB`, `MB` or `GB`.
- **`${{VAR}}`** in a string is that environment variable, and an error where there is none; `${{VAR:-text}}` is `text` where it
  is not set or empty. `$${{` is a plain `${{`: in a command for a shell, say.
- **Several files** (`-f a.toml -f b.toml`) are merged in order: tables key by key, everything else is replaced.
- **Paths** are meant from the folder of the first file, where the manager runs.

## `[pipeline]`

{}
## `[control]`

Who may ask the running manager what, by the command or by [the API](api.md).

{}
### `tokens`

{}
## `[group.NAME]`

Workers that stand and fall together.

{}
## `[worker.NAME]`

One worker: a class of this program with options, or any program.

{}
### `restart`

{}
### `watchdog`

{}
### `output`

{}
### `limits`

{}
### `cgroup`

{})",
                     rows(pipeline_keys()), rows(control_keys()), rows(token_keys()), rows(group_keys()),
                     rows(worker_keys()), rows(restart_keys()), rows(watchdog_keys()), rows(output_keys()),
                     rows(limit_keys()), rows(cgroup_keys()));
}

}  // namespace lineshaft::config
