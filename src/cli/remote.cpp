#include "cli/remote.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <format>

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

bool is_replica_of(const std::string& family, const std::string& name) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return name.size() > family.size() + 1 && name.starts_with(family + "-") &&
         std::ranges::all_of(name.substr(family.size() + 1), digit);
}

}  // namespace

std::expected<remote, int> find_manager(const invocation& with) {
  if (!with.common.pipeline.empty()) return at(with.common.pipeline, find_run_directory(with.common.pipeline, "", ""));
  if (const auto known = whereabouts(with))
    return at(known->pipeline, find_run_directory(known->pipeline, known->run_dir, known->folder));
  if (!with.common.files.empty()) {
    complain(with, std::format("cannot read '{}'", with.common.files.front()), with.program + " check");
    return std::unexpected(wrong_usage);
  }
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

std::vector<std::string> workers_in(const json::object& status) {
  std::vector<std::string> names;
  for (const auto& worker : status.at("workers").as_array())
    names.push_back(json::value_to<std::string>(worker.as_object().at("name")));
  return names;
}

std::expected<std::vector<std::string>, int> known_workers(const invocation& with, remote& manager) {
  return get(with, manager, "/v1/status").transform(workers_in);
}

std::vector<std::string> matching(const std::string& wanted, const std::vector<std::string>& known, families with) {
  if (std::ranges::contains(known, wanted)) return {wanted};
  std::vector<std::string> names;
  for (const auto& name : known) {
    const bool replica = is_replica_of(wanted, name);
    if (replica && with == families::as_one) return {wanted};
    if (replica || ::fnmatch(wanted.c_str(), name.c_str(), 0) == 0) names.push_back(name);
  }
  return names;
}

int no_such_worker(const invocation& with, const std::string& wanted, const std::vector<std::string>& known) {
  auto names = known;
  for (const auto& name : known) {
    if (const auto family = name.substr(0, name.rfind('-')); is_replica_of(family, name)) names.push_back(family);
  }
  const auto meant = config::did_you_mean(wanted, names);
  complain(with, std::format("there is no worker '{}'{}", wanted, meant.empty() ? "" : "; " + meant),
           with.program + " status");
  return not_done;
}

std::expected<std::vector<std::string>, int> matching_all(const invocation& with,
                                                          const std::vector<std::string>& wanted,
                                                          const std::vector<std::string>& known) {
  if (wanted.empty()) return known;
  std::vector<std::string> names;
  for (const auto& one : wanted) {
    const auto meant = matching(one, known);
    if (meant.empty()) return std::unexpected(no_such_worker(with, one, known));
    std::ranges::copy_if(meant, std::back_inserter(names),
                         [&](const auto& name) { return !std::ranges::contains(names, name); });
  }
  return names;
}

}  // namespace lineshaft::cli
