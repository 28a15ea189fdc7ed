#include "config/worker_forms.hpp"

#include "policy/probe_target.hpp"

namespace lineshaft::config::form {
namespace {

using names = list<text>;
using condition = one_of<words::conditions>;

}  // namespace

bool free_table::read(const value& from, const std::string& path, type& into, faults& found) {
  if (from.as<table>() != nullptr) {
    into = to_json(from).as_object();
    return true;
  }
  found.push_back({from.where, path, to_text(from) + " has the wrong type", expected() + " is expected"});
  return false;
}

bool dependencies::read(const value& from, const std::string& path, type& into, faults& found) {
  const auto before = found.size();
  if (const auto* all = from.as<table>()) {
    for (const auto& one : *all) {
      into.push_back({one.name, start_condition::ready});
      read_scalar<condition>(one.content, path + "." + one.name, into.back().when, found);
    }
    return found.size() == before;
  }
  std::vector<std::string> all;
  if (names::read(from, path, all, found)) {
    for (auto& one : all) into.push_back({std::move(one), start_condition::ready});
  }
  for (auto at = before; at < found.size(); ++at) found[at].hint = expected() + " is expected";
  return found.size() == before;
}

boost::json::object dependencies::schema() {
  const boost::json::object by_name{{"type", "object"}, {"additionalProperties", condition::schema()}};
  return {{"anyOf", {names::schema(), by_name}}};
}

reading<readiness_wish> readiness::parse(const value& from) {
  const auto* given = from.as<std::string>();
  if (given == nullptr) return wrong_type();
  if (*given == "start") return readiness_wish{};
  if (*given == "notify") return readiness_wish{ready_when::notify, {}};
  if (!given->starts_with("tcp:") && !given->starts_with("http:")) return std::unexpected("is no way to become ready");
  if (auto target = policy::parse_probe(*given); !target)
    return std::unexpected("cannot be used: " + target.error().doing);
  return readiness_wish{ready_when::probe, *given};
}

boost::json::object readiness::schema() {
  return {{"anyOf", {boost::json::object{{"enum", {"start", "notify"}}}, text_schema("(tcp|http):.+")}}};
}

}  // namespace lineshaft::config::form
