#include "control/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "control/message.hpp"
#include "control/route.hpp"
#include "control/schemas.hpp"
#include "control/version.hpp"

namespace lineshaft::control {
namespace json = boost::json;

namespace {

json::object reference(std::string_view schema) { return {{"$ref", "#/components/schemas/" + std::string(schema)}}; }

json::object content(std::string_view type, std::string_view schema) {
  return {{type, json::object{{"schema", reference(schema)}}}};
}

json::object query_parameter(const parameter& one) {
  return {{"name", one.name}, {"in", "query"}, {"description", one.doc}, {"schema", json::parse(one.schema)}};
}

json::object worker_parameter() {
  return {{"name", "name"},
          {"in", "path"},
          {"required", true},
          {"description", "The name of a worker, or of one of its replicas: NAME-0, NAME-1 …"},
          {"schema", json::object{{"type", "string"}}}};
}

json::array parameters_of(const route& one) {
  json::array all;
  if (one.path.contains("{name}")) all.push_back(worker_parameter());
  for (const auto& parameter : one.parameters) all.push_back(query_parameter(parameter));
  return all;
}

/// The same parameters as the members of a JSON object.
json::object body_of(const route& one) {
  json::object properties;
  for (const auto& parameter : one.parameters) properties[parameter.name] = json::parse(parameter.schema);
  const json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  return {{"required", false},
          {"description", "The parameters of the query may stand here instead."},
          {"content", json::object{{"application/json", json::object{{"schema", schema}}}}}};
}

json::object responses_of(const route& one) {
  auto success = content(one.answer_type, one.answer);
  if (!one.stream.empty()) success["text/event-stream"] = json::object{{"schema", reference(one.stream)}};
  json::object all{{"200", json::object{{"description", "Done"}, {"content", std::move(success)}}}};
  // What is not healthy says so in the same shape.
  if (one.what == endpoint::readyz || one.what == endpoint::health) {
    all["503"] = json::object{{"description", "It is not"}, {"content", content(one.answer_type, one.answer)}};
  }
  all["default"] = json::object{{"description", "Refused: `detail` says why"},
                                {"content", content("application/problem+json", "problem")}};
  return all;
}

json::object operation_of(const route& one) {
  json::object made{{"operationId", one.id},
                    {"summary", one.summary},
                    {"description", "Needs the role `" + std::string(to_string(one.needs)) + "`."},
                    {"parameters", parameters_of(one)},
                    {"responses", responses_of(one)}};
  if (one.method != "GET" && !one.parameters.empty()) made["requestBody"] = body_of(one);
  return made;
}

}  // namespace

json::object openapi_document() {
  json::object paths;
  for (const auto& one : routes()) {
    auto& path = paths[one.path];
    if (!path.is_object()) path = json::object();
    path.get_object()[small(one.method)] = operation_of(one);
  }
  return {
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", "Lineshaft"},
                            {"version", version},
                            {"description",
                             "The control server of one manager, over its Unix socket, or over TCP "
                             "with a token."}}},
      {"servers", json::array{json::object{{"url", "http://localhost"}}}},
      {"security", json::array{json::object{}, json::object{{"token", json::array()}}}},
      {"paths", std::move(paths)},
      {"components", json::object{{"schemas", schemas()},
                                  {"securitySchemes",
                                   json::object{{"token", json::object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

}  // namespace lineshaft::control
