#include "control/schemas.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace lineshaft::control {
namespace json = boost::json;

namespace {

// Every member is there in every answer; more may come with later versions. {"members": {…}} stands for an object
// all members of which are required but those of the name "NAME?", "ref:NAME" for another schema, "TYPE?" for one that
// may be null.
constexpr std::string_view written = R"json({
  "worker": {"members": {
    "alive": "boolean", "pid": "integer?", "processed": "count", "errors": "count", "decoding_errors": "count",
    "published": "count", "processing_errors": "count", "mdq_connected": "boolean", "mdc_connected": "boolean",
    "restarts": "count", "running": "boolean", "name": "string", "state": "ref:state", "ready": "boolean",
    "generation": "count", "process_restarts": "count", "uptime_ms": "count", "age_ms": "count", "error": "string",
    "last_exit": "ref:exit?", "metrics": "ref:figures", "loop": "string", "restarts_by": "ref:restarts",
    "next_start_ms": "count?", "output": "ref:output", "status_text": "string", "reloading": "boolean",
    "refused_notifications": "count", "class": "string", "family": "string", "essential": "boolean",
    "after": "[string]"}},
  "state": {"type": "string",
    "enum": ["stopped", "starting", "running", "stopping", "backoff", "completed", "failed"]},
  "figures": {"type": "object", "additionalProperties": {"type": ["number", "boolean", "null"]}},
  "restarts": {"members": {"crash": "count", "completion": "count", "watchdog": "count", "asked": "count",
    "reload": "count", "group": "count", "recycle": "count"}},
  "output": {"members": {"lines": "count", "bytes": "count", "lost_lines": "count", "lost_bytes": "count",
    "error": "string"}},
  "exit": {"members": {"generation": "count", "pid": "integer", "code": "integer?", "core_dumped": "boolean",
    "out_of_memory": "boolean", "success": "boolean", "reason": "string", "error": "string", "stack": "string",
    "lifetime_ms": "count", "user_us": "count", "system_us": "count", "max_resident_bytes": "count",
    "lost_messages": "count", "undelivered": "ref:undelivered", "figures": "object", "output": "[string]",
    "status_text": "string", "cause": "string", "asked_by": "string", "trace_id": "string", "states": "[ref:moment]",
    "notes": "[string]", "left_behind": "[string]"}},
  "undelivered": {"members": {"spans": "count", "log_records": "count", "metric_exports": "count"}},
  "moment": {"members": {"state": "ref:state", "after_ms": "count"}},
  "exits": {"members": {"name": "string", "exits": "[ref:exit]"}},
  "queue": {"members": {"name": "string", "sent": "count", "done": "count", "in_flight": "count", "lost": "count",
    "depth": "count"}},
  "queues": {"members": {"queues": "[ref:queue]"}},
  "manager": {"members": {"pid": "integer", "version": "string", "uptime_ms": "count", "log_dir": "string?"}},
  "status": {"members": {"pipeline": "string", "manager": "ref:manager", "workers": "[ref:worker]"}},
  "started": {"members": {"name": "string", "pid": "integer", "generation": "count"}},
  "rolled": {"members": {"name": "string", "replicas": "[string]"}},
  "restarted": {"anyOf": [{"$ref": "#/components/schemas/started"}, {"$ref": "#/components/schemas/rolled"}]},
  "stopped": {"members": {"name": "string", "outcome": "ref:outcome", "took_ms": "count", "exit": "ref:exit?"}},
  "outcome": {"type": "string", "enum": ["not_running", "clean", "killed"]},
  "all_stopped": {"members": {"workers": "[ref:stopped]"}},
  "signalled": {"members": {"name": "string", "signal": "integer"}},
  "scaled": {"members": {"name": "string", "replicas": "count"}},
  "change": {"members": {"step": "ref:step", "worker": "string", "processes": "[string]", "why": "string"}},
  "step": {"type": "string", "enum": ["stop", "start", "replace", "adopt"]},
  "plan": {"members": {"changes": "[ref:change]", "settings": "[string]", "later": "[string]"}},
  "event": {"members": {"seq": "count", "time": "string", "monotonic_ms": "integer", "worker": "string",
    "generation": "count", "event": "string", "cause": "string"}},
  "event_or_gap": {"anyOf": [{"$ref": "#/components/schemas/event"}, {"$ref": "#/components/schemas/gap"}]},
  "line_or_gap": {"anyOf": [{"$ref": "#/components/schemas/line"}, {"$ref": "#/components/schemas/gap"}]},
  "gap": {"members": {"event": "string", "missed": "count", "cause": "string"}},
  "events": {"members": {"events": "[ref:event]", "last": "count", "missed": "count"}},
  "line": {"members": {"id": "count", "time": "string", "worker": "string", "generation": "count",
    "stream": "string", "line": "string"}},
  "lines": {"members": {"lines": "[ref:line]", "last": "count", "missed": "count"}},
  "alive": {"members": {"status": "string"}},
  "missing": {"members": {"worker": "string", "state": "ref:state", "error": "string"}},
  "readiness": {"members": {"status": "string", "missing": "[ref:missing]"}},
  "processor": {"members": {"alive": "boolean", "pid": "integer?", "processed": "count", "errors": "count",
    "decoding_errors": "count", "published": "count", "processing_errors": "count", "mdq_connected": "boolean",
    "mdc_connected": "boolean", "restarts": "count", "running": "boolean", "name": "string"}},
  "health": {"members": {"service": "string", "status": "string", "status_code": "integer",
    "container_image": "string", "image_version": "string", "parallelism": "count", "prefetch_count": "count", "max_concurrency": "count",
    "processors": "[ref:processor]", "message?": "string"}},
  "problem": {"members": {"type": "string", "title": "string", "status": "integer", "detail": "string"}},
  "document": {"type": "object"},
  "text": {"type": "string"}
})json";

json::object of_type(std::string_view type);

json::object nullable(std::string_view type) {
  auto inner = of_type(type);
  if (auto* plain = inner.if_contains("type")) {
    *plain = json::array{*plain, "null"};
    return inner;
  }
  return {{"anyOf", json::array{std::move(inner), json::object{{"type", "null"}}}}};
}

json::object of_type(std::string_view type) {
  if (type.ends_with('?')) return nullable(type.substr(0, type.size() - 1));
  if (type.starts_with('[')) return {{"type", "array"}, {"items", of_type(type.substr(1, type.size() - 2))}};
  if (type.starts_with("ref:")) return {{"$ref", "#/components/schemas/" + std::string(type.substr(4))}};
  if (type == "count") return {{"type", "integer"}, {"minimum", 0}};
  return {{"type", type}};
}

json::object expanded(const json::object& from) {
  const auto* members = from.if_contains("members");
  if (members == nullptr) return from;
  json::object properties;
  json::array required;
  for (const auto& [name, type] : members->get_object()) {
    const bool optional = name.ends_with('?');
    const json::string_view member = optional ? name.substr(0, name.size() - 1) : name;
    properties[member] = of_type(type.get_string());
    if (!optional) required.emplace_back(member);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

json::object made() {
  json::object all;
  const auto parsed = json::parse(written);
  for (const auto& [name, schema] : parsed.get_object()) all[name] = expanded(schema.get_object());
  return all;
}

}  // namespace

const json::object& schemas() {
  static const auto all = made();
  return all;
}

}  // namespace lineshaft::control
