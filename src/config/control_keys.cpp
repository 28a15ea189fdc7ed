// [control].
#include "config/pipeline_keys.hpp"
#include "config/words.hpp"

namespace lineshaft::config {
namespace {

/// What is wrong with a secret is said without it.
struct secret {
  using type = std::string;
  static bool read(const value& from, const std::string& path, type& into, faults& found) {
    const auto* given = from.as<std::string>();
    if (given != nullptr && given->size() >= shortest_token) {
      into = *given;
      return true;
    }
    found.push_back({from.where, path, given == nullptr ? "this has the wrong type" : "this is too short",
                     expected() + " is expected"});
    return false;
  }
  static std::string expected() {
    return std::format("text of {} characters or more, best a variable such as \"${{LINESHAFT_TOKEN}}\",",
                       shortest_token);
  }
  static std::string write(const type&) { return {}; }
  static boost::json::object schema() { return {{"type", "string"}}; }
};

key<control_file> token_key(std::string name, role may, std::string doc) {
  key<control_file> made{std::move(name), secret::expected(), {}, std::move(doc), secret::schema(), {}};
  made.read = [may](const value& from, const std::string& path, control_file& into, faults& found) {
    std::string given;
    if (secret::read(from, path, given, found)) into.tokens[may] = std::move(given);
  };
  return made;
}

struct user_roles {
  using word = form::one_of<words::roles>;
  using type = std::map<std::string, role>;
  static bool read(const value& from, const std::string& path, type& into, faults& found) {
    const auto* members = from.as<table>();
    if (members == nullptr) {
      found.push_back({from.where, path, to_text(from) + " has the wrong type", expected() + " is expected"});
      return false;
    }
    bool fits = true;
    for (const auto& one : *members)
      fits = form::read_scalar<word>(one.content, path + "." + one.name, into[one.name], found) && fits;
    return fits;
  }
  static std::string expected() { return "a table of users, by name or number, and what each may do"; }
  static std::string write(const type&) { return "{}"; }
  static boost::json::object schema() { return {{"type", "object"}, {"additionalProperties", word::schema()}}; }
};

// Every key of the section sets a part of the whole, which `tokens` is too.
key<control_file> tokens() {
  key<control_file> made{"tokens",
                         "a table",
                         {},
                         "What a request over TCP has to bring (`Authorization: Bearer …`), "
                         "for each role that is given out.",
                         schema_of(token_keys()),
                         {}};
  made.read = [](const value& from, const std::string& path, control_file& into, faults& found) {
    read_table(from, path, token_keys(), into, found);
  };
  return made;
}

}  // namespace

const keys<control_file>& token_keys() {
  static const keys<control_file> all{
      token_key("admin", role::admin, "Also changes the pipeline, and stops it."),
      token_key("operator", role::operate, "Also starts, stops, restarts, signals and scales workers."),
      token_key("read", role::read, "Sees everything, and changes nothing."),
      token_key("metrics", role::metrics, "`/metrics` and what tells of health, nothing else."),
  };
  return all;
}

const keys<control_file>& control_keys() {
  using file = control_file;
  static const keys<file> all{
      make_key<user_roles>("users", &file::users,
                           "Who else may use the socket in `run_dir`, if the folders above it let them through; root "
                           "and the manager's own user may do everything. Without: nobody."),
      make_key<form::text>("tcp", &file::tcp,
                           "The API at \"ADDRESS:PORT\", too. It needs `tokens`, and is not encrypted: put a proxy in "
                           "front of it where others can listen."),
      tokens(),
      make_key<form::list<form::text>>("hosts", &file::hosts,
                                       "By what other names a request over TCP may call it, with their ports."),
      make_key<form::text>("health", &file::health,
                           "`/healthz`, `/readyz`, `/health` and `/metrics` alone at \"ADDRESS:PORT\", for "
                           "everybody: what Kubernetes and Prometheus want."),
      make_key<form::boolean>("predecessor_metrics", &file::predecessor_metrics,
                              "Metrics by the predecessor's names, too."),
  };
  return all;
}

}  // namespace lineshaft::config
