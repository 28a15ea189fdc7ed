// lineshaft wait
#include <algorithm>
#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <format>
#include <iostream>
#include <mutex>
#include <thread>

#include "cli/fields.hpp"
#include "cli/remote.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

struct choice {
  std::vector<std::string> names;
  std::string wanted = "ready";
  std::optional<milliseconds> within;
};

enum class verdict { not_yet, holds, never };

// Down for good without being what is waited for: nothing but a command can change that.
verdict judge(const json::object& worker, const std::string& wanted) {
  const auto state = text_in(worker, "state");
  const bool down = state == "stopped" || state == "failed" || state == "completed";
  if (wanted == "stopped") return down ? verdict::holds : verdict::not_yet;
  if (state == "completed") return verdict::holds;
  if (wanted == "ready" && text_in(worker, "ready") == "true") return verdict::holds;
  return down ? verdict::never : verdict::not_yet;
}

/// What holds for all of those that are waited for.
struct outcome {
  verdict all = verdict::holds;
  std::string which;  ///< the first one for which it does not, and why
};

outcome look(const json::object& status, const std::vector<std::string>& names, const std::string& wanted) {
  outcome found;
  for (const auto& one : status.at("workers").as_array()) {
    const auto& worker = one.as_object();
    const auto name = text_in(worker, "name");
    if (!std::ranges::contains(names, name)) continue;
    const auto is = judge(worker, wanted);
    if (is == verdict::holds || found.all == verdict::never) continue;
    if (found.all == verdict::not_yet && is == verdict::not_yet) continue;
    const auto error = text_in(worker, "error");
    found = {is, std::format("'{}' is {}{}", name, text_in(worker, "state"),
                             error.empty() || error == "-" ? "" : ": " + error)};
  }
  return found;
}

// Ends a stream that is followed when the time is over.
class deadline {
 public:
  deadline(std::optional<milliseconds> within, std::stop_source& ends) {
    if (!within) return;
    thread_ = std::jthread([this, span = *within, &ends](const std::stop_token& token) {
      std::unique_lock lock(mutex_);
      const bool called_off = over_.wait_for(lock, token, span, [] { return false; });
      if (!called_off && !token.stop_requested()) ends.request_stop();
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::jthread thread_;
};

int wait_for(const invocation& with, const choice& chosen) {
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  const auto known = known_workers(with, *manager);
  if (!known) return known.error();
  const auto names = matching_all(with, chosen.names, *known);
  if (!names) return names.error();
  // From here on nothing is missed: what happens after this look comes as an event.
  const auto past = get(with, *manager, "/v1/events?follow=false&workers=-");
  if (!past) return past.error();
  control::client asking(manager->where.socket());
  outcome seen{verdict::not_yet, {}};
  std::optional<error> lost;
  const auto look_again = [&] {
    const auto status = asking.ask("GET", "/v1/status");
    if (!status) {
      lost = status.error();
      return false;
    }
    seen = look(status->as_object(), *names, chosen.wanted);
    return seen.all == verdict::not_yet;
  };
  if (look_again()) {
    std::stop_source ends;
    const deadline over(chosen.within, ends);
    const auto target = std::format("/v1/events?since={}", number_in(*past, "last"));
    const auto followed =
        manager->client.follow(target, [&](const control::server_event&) { return look_again(); }, ends.get_token());
    if (!followed) lost = followed.error();
    if (ends.stop_requested() && seen.all == verdict::not_yet) {
      complain(with, std::format("not {} within {}: {}", chosen.wanted, span_for_people(*chosen.within), seen.which));
      return not_done;
    }
  }
  if (seen.all == verdict::holds) {
    if (with.common.json) std::cout << json::serialize(json::object{{"ok", true}, {"for", chosen.wanted}}) << '\n';
    return done;
  }
  if (seen.all == verdict::never) {
    complain(with, std::format("will not be {}: {}", chosen.wanted, seen.which), with.program + " why NAME");
    return not_done;
  }
  return lost ? refused(with, *manager, *lost) : refused(with, *manager, fail("the manager has gone").error());
}

}  // namespace

verb wait_verb() {
  auto kept = std::make_shared<choice>();
  return {"wait",
          "Waits until workers are ready, have completed, or are down.",
          "Exit code 1 if that does not happen in time, or cannot happen any more without a command.",
          "{\"ok\", \"for\"}",
          {word_option("--for", "What to wait for. Without: ready, which one that has completed was.",
                       {"ready", "completed", "stopped"}, kept->wanted),
           duration_option("--within", "", "How long at most. Without: as long as it takes.", kept->within)},
          {{"NAME", "Workers: names, families of replicas, patterns. None: all of them.", 0, 0, &kept->names,
            completes::workers}},
          [kept](const invocation& with) { return wait_for(with, *kept); },
          kept};
}

}  // namespace lineshaft::cli
