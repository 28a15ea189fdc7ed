#include "config/load.hpp"

#include <algorithm>
#include <format>
#include <iterator>

#include "base/names.hpp"
#include "config/contradictions.hpp"
#include "config/document.hpp"
#include "config/pipeline_keys.hpp"

namespace lineshaft::config {
namespace {

const std::vector<std::string> parts{"pipeline", "control", "group", "worker"};

class loader {
 public:
  loader(const load_options& options, std::vector<fault>& found) : options_(options), found_(found) {}

  pipeline_file read(const value& whole) {
    for (const auto& one : *whole.as<table>()) {
      if (one.name == "pipeline") {
        read_table(one.content, "pipeline", pipeline_keys(), out_, found_);
      } else if (one.name == "control") {
        read_control(one);
      } else if (one.name == "group") {
        each_named(one, [&](const member& named, const std::string& path) { read_group(named, path); });
      } else if (one.name == "worker") {
        each_named(one, [&](const member& named, const std::string& path) { read_one(named, path); });
      } else {
        found_.push_back({one.where, one.name,
                          "there is no such table: [pipeline], [control], [group.NAME] and [worker.NAME] are",
                          did_you_mean(one.name, parts)});
      }
    }
    finish(whole);
    return std::move(out_);
  }

 private:
  template <class Read>
  void each_named(const member& part, Read read_named) {
    const auto* all = part.content.as<table>();
    if (all == nullptr) {
      found_.push_back({part.where, part.name, to_text(part.content) + " has the wrong type",
                        std::format("tables such as [{}.NAME] are expected", part.name)});
      return;
    }
    for (const auto& named : *all) {
      const auto path = part.name + "." + named.name;
      if (!check_name(named.name)) {
        found_.push_back({named.where, path, "this cannot be a name",
                          "1 to 64 letters, digits, '.', '_' and '-', a letter or a digit first, are expected"});
      }
      read_named(named, path);
    }
  }

  void read_control(const member& part) {
    read_table(part.content, part.name, control_keys(), out_.control, found_);
    if (!out_.control.tcp.empty() && out_.control.tokens.empty())
      found_.push_back({part.where, "control.tcp", "the API over TCP is open to whoever can reach it",
                        "a token is expected, such as control.tokens = { operator = \"${LINESHAFT_TOKEN}\" }"});
  }

  void read_group(const member& named, const std::string& path) {
    group_spec group{.name = named.name, .strategy = {}, .limit = {}};
    read_table(named.content, path, group_keys(), group, found_);
    const auto* members = named.content.as<table>();
    const auto* limit = members == nullptr ? nullptr : find(*members, "restart_limit");
    groups_.push_back({group, limit == nullptr ? named.where : limit->where});
    out_.pipeline.groups.push_back(std::move(group));
  }

  void read_one(const member& named, const std::string& path) {
    read_worker worker{.spec = {}, .profiles = {}, .where = named.where, .written = &named.content};
    worker.spec.name = named.name;
    read_table(named.content, path, worker_keys(), worker, found_);
    const bool wanted = worker.profiles.empty() || std::ranges::any_of(worker.profiles, [&](const auto& one) {
                          return std::ranges::contains(options_.profiles, one);
                        });
    for (const auto& profile : worker.profiles) known_profiles_.push_back(profile);
    (wanted ? workers_ : left_out_).push_back(std::move(worker));
  }

  void finish(const value& whole) {
    for (const auto& profile : options_.profiles) {
      if (!std::ranges::contains(known_profiles_, profile))
        found_.push_back(
            {{}, "", std::format("no worker has the profile '{}'", profile), did_you_mean(profile, known_profiles_)});
    }
    if (workers_.empty() && left_out_.empty() && found_.empty())
      found_.push_back({whole.where, "", "there is no worker", "a table such as [worker.NAME] is expected"});
    if (workers_.empty() && !left_out_.empty() && found_.empty())
      found_.push_back({whole.where, "", "every worker has a profile, and none of these was asked for",
                        std::format("--profile {}, for example", left_out_.front().profiles.front())});
    bound_stop_timeouts();
    find_contradictions({out_.pipeline, workers_, left_out_, groups_, options_.classes}, found_);
    for (auto& worker : workers_) out_.pipeline.workers.push_back(std::move(worker.spec));
  }

  // A default that is above the pipeline's budget is no contradiction: nobody has asked for it.
  void bound_stop_timeouts() {
    for (auto& worker : workers_) {
      const auto* members = worker.written->as<table>();
      if (members != nullptr && find(*members, "stop_timeout") == nullptr)
        worker.spec.how.stop_timeout = std::min(worker.spec.how.stop_timeout, out_.pipeline.stop_timeout);
    }
  }

  const load_options& options_;
  std::vector<fault>& found_;
  pipeline_file out_;
  std::vector<read_worker> workers_, left_out_;
  std::vector<written_group> groups_;
  std::vector<std::string> known_profiles_;
};

}  // namespace

std::expected<pipeline_file, std::vector<fault>> load(std::span<const source> files, const load_options& options) {
  std::vector<fault> found;
  value whole{{}, table()};
  for (const auto& file : files) {
    auto document = parse_document(file.name, file.text);
    if (!document) {
      found.push_back(std::move(document.error()));
      continue;
    }
    whole.where = document->where;
    merge(whole, std::move(*document));
  }
  // What is no TOML has said nothing yet of what it means.
  if (!found.empty()) return std::unexpected(std::move(found));
  expand_variables(whole, options.variable, found);
  auto read = loader(options, found).read(whole);
  if (found.empty()) return read;
  sort(found);
  return std::unexpected(std::move(found));
}

}  // namespace lineshaft::config
