#include "cli/remote.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <format>

#include "cli/fields.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "config/fault.hpp"

namespace lineshaft::cli {

namespace json = boost::json;

namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

remote at(const std::string& pipeline, run_directory where) {
  control::client client(where.socket());
  return {pipeline, std::move(where), std::move(client)};
}

}  // namespace

std::expected<remote, int> find_manager(const invocation& with) {
  if (!with.common.pipeline.empty()) return at(with.common.pipeline, find_run_directory(with.common.pipeline, "", ""));
  const auto known = whereabouts(with);
  if (!known) {
    // Any other one that happens to run is not the one that is meant.
    complain(with, "cannot tell which pipeline is meant: " + known.error(),
             std::format("{0} check, or {0} -p PIPELINE …", with.program));
    return std::unexpected(wrong_usage);
  }
  if (*known)
    return at((*known)->pipeline, find_run_directory((*known)->pipeline, (*known)->run_dir, (*known)->folder));
  const auto running = running_pipelines();
  if (running.size() == 1) return at(running.front(), find_run_directory(running.front(), "", ""));
  if (running.empty()) {
    complain(with, "no manager is running",
             with.program + " run, or " + with.program + " -f FILE … for one with a run_dir of its own");
    return std::unexpected(no_manager);
  }
  complain(with, "several pipelines are running: " + joined(running), with.program + " -p PIPELINE …");
  return std::unexpected(wrong_usage);
}

int refused(const invocation& with, const remote& at, const error& why) {
  if (control::nobody_is_there(why)) {
    const auto running = with.common.pipeline.empty() ? "" : joined(running_pipelines());
    complain(with, std::format("no manager is running for pipeline '{}'", at.pipeline),
             running.empty() ? with.program + " run" : with.program + " -p PIPELINE …; there are: " + running);
    return no_manager;
  }
  if (why.code == std::errc::timed_out) {
    complain(with, "the manager has not done it in this time; it goes on", with.program + " status");
  } else {
    complain(with, why.message());
  }
  return not_done;
}

std::expected<json::object, int> get(const invocation& with, remote& manager, const std::string& target) {
  auto told = manager.client.ask("GET", target);
  if (!told) return std::unexpected(refused(with, manager, told.error()));
  return std::move(told->as_object());
}

result<> follow(control::client& at, const std::string& target, const std::function<bool(const json::object&)>& take,
                std::stop_token stop) {
  return at.follow(
      target,
      [&](const control::server_event& one) {
        boost::system::error_code ec;
        const auto parsed = json::parse(one.data, ec);
        return ec || !parsed.is_object() || take(parsed.get_object());
      },
      std::move(stop));
}

std::vector<family_member> workers_in(const json::object& status) {
  std::vector<family_member> all;
  for (const auto& worker : status.at("workers").as_array())
    all.push_back({text_in(worker.as_object(), "name"), text_in(worker.as_object(), "family")});
  return all;
}

std::expected<std::vector<family_member>, int> known_workers(const invocation& with, remote& manager) {
  return get(with, manager, "/v1/status").transform(workers_in);
}

std::vector<std::string> matching(const std::string& wanted, const std::vector<family_member>& known, families with) {
  if (std::ranges::contains(known, wanted, &family_member::name)) return {wanted};
  std::vector<std::string> names;
  for (const auto& [name, family] : known) {
    // By what the manager says: a worker may be called 'redis-2' without being one of several.
    const bool replica = family == wanted;
    if (replica && with == families::as_one) return {wanted};
    if (replica || ::fnmatch(wanted.c_str(), name.c_str(), 0) == 0) names.push_back(name);
  }
  return names;
}

int no_such_worker(const invocation& with, const std::string& wanted, const std::vector<family_member>& known) {
  std::vector<std::string> names;
  for (const auto& [name, family] : known) names.insert(names.end(), {name, family});
  const auto meant = config::did_you_mean(wanted, names);
  complain(with, std::format("there is no worker '{}'{}", wanted, meant.empty() ? "" : "; " + meant),
           with.program + " status");
  return not_done;
}

std::expected<std::vector<std::string>, int> matching_all(const invocation& with,
                                                          const std::vector<std::string>& wanted,
                                                          const std::vector<family_member>& known) {
  std::vector<std::string> names;
  if (wanted.empty()) std::ranges::transform(known, std::back_inserter(names), &family_member::name);
  for (const auto& one : wanted) {
    const auto meant = matching(one, known);
    if (meant.empty()) return std::unexpected(no_such_worker(with, one, known));
    std::ranges::copy_if(meant, std::back_inserter(names),
                         [&](const auto& name) { return !std::ranges::contains(names, name); });
  }
  return names;
}

}  // namespace lineshaft::cli
