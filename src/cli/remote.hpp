#pragma once
// A running manager, as the verbs that speak to one see it.
#include <boost/json/object.hpp>
#include <expected>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/invocation.hpp"
#include "cli/run_directory.hpp"
#include "control/client.hpp"

namespace lineshaft::cli {

/// For what the manager itself bounds by its workers' own times.
inline constexpr std::chrono::milliseconds longest_wait = std::chrono::hours(1);

struct remote {
  std::string pipeline;
  run_directory where;
  control::client client;
};

/// By -p, by the pipeline file, or the only one that runs; nothing is asked yet. Else the exit code, after the reason
/// has been said.
std::expected<remote, int> find_manager(const invocation& with);

/// Says why it could not be done; gives the exit code: `no_manager` if there is none.
int refused(const invocation& with, const remote& at, const error& why);

/// GET, as an object. Else the exit code, after the reason has been said.
std::expected<boost::json::object, int> get(const invocation& with, remote& manager, const std::string& target);

/// Hands over the data of each event of a stream, as control::client::follow does.
result<> follow(control::client& at, const std::string& target,
                const std::function<bool(const boost::json::object&)>& take, std::stop_token stop = {});

/// A process by its name. Of one without replicas the family is its name.
struct family_member {
  std::string name, family;
};

/// Those in an answer of GET /v1/status.
std::vector<family_member> workers_in(const boost::json::object& status);
std::expected<std::vector<family_member>, int> known_workers(const invocation& with, remote& manager);

/// What the name of a worker with replicas means: all of its processes, or the whole.
enum class families { process_by_process, as_one };

/// The names that are meant, among those of these workers: a name, a family of replicas ("processor"), or a pattern
/// ("processor-*").
std::vector<std::string> matching(const std::string& wanted, const std::vector<family_member>& known,
                                  families with = families::process_by_process);

/// Says so, with those that there are; gives the exit code.
int no_such_worker(const invocation& with, const std::string& wanted, const std::vector<family_member>& known);

/// Those that are meant by any of them, each once; all if none is wanted. Else the exit code, after that has been said.
std::expected<std::vector<std::string>, int> matching_all(const invocation& with,
                                                          const std::vector<std::string>& wanted,
                                                          const std::vector<family_member>& known);

}  // namespace lineshaft::cli
