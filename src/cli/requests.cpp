#include "cli/requests.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <expected>
#include <format>
#include <future>
#include <iostream>
#include <semaphore>

#include "cli/answers.hpp"
#include "cli/fields.hpp"
#include "cli/terminal.hpp"
#include "policy/moments.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Connections to one manager, which has room for 256.
constexpr std::ptrdiff_t most_at_once = 64;

/// Those that are meant by any word, each once; `code` is that of a word that means none.
struct meant {
  remote manager;
  std::vector<std::string> names;
  int code = done;
};

/// Or the exit code, if there is no manager to ask.
std::expected<meant, int> all_meant(const invocation& with, const std::vector<std::string>& wanted, families how) {
  auto manager = find_manager(with);
  if (!manager) return std::unexpected(manager.error());
  const auto known = known_workers(with, *manager);
  if (!known) return std::unexpected(known.error());
  meant found{std::move(*manager), {}};
  for (const auto& one : wanted) {
    const auto names = matching(one, *known, how);
    if (names.empty()) found.code = no_such_worker(with, one, *known);
    std::ranges::copy_if(names, std::back_inserter(found.names),
                         [&](const auto& name) { return !std::ranges::contains(found.names, name); });
  }
  return found;
}

class budget {
 public:
  explicit budget(std::optional<milliseconds> within)
      : end_(policy::after(steady_clock::now(), within.value_or(longest_wait))) {}
  milliseconds left() const { return std::chrono::ceil<milliseconds>(end_ - steady_clock::now()); }
  bool over() const { return left() <= milliseconds(0); }
  steady_clock::time_point end() const { return end_; }

 private:
  steady_clock::time_point end_;
};

class asking {
 public:
  asking(const invocation& with, const remote& manager, const request& asked)
      : with_(with), manager_(manager), asked_(asked), time_(asked.within) {}

  /// Nothing: there was no time left to begin.
  using answer = std::optional<result<json::value>>;

  answer ask(control::client& client, const std::string& name) const {
    if (time_.over()) return std::nullopt;
    return client.ask("POST", std::format("/v1/workers/{}/{}", name, asked_.action), asked_.body, time_.left());
  }

  answer ask_beside_others(const std::string& name) {
    if (!room_.try_acquire_until(time_.end())) return std::nullopt;
    control::client client(manager_.where.socket());
    auto told = ask(client, name);
    room_.release();
    return told;
  }

  int tell(const std::string& name, const answer& told) const {
    const auto what = std::format("{} of '{}'", asked_.action, name);
    const auto next = with_.program + " status";
    if (!told) return complain(with_, what + ": has not begun, the time was over before", next), not_done;
    if (!*told && told->error().code == std::errc::timed_out)
      return complain(with_, what + ": not done in this time; the manager goes on with it", next), not_done;
    if (!*told) return refused(with_, manager_, told->error());
    const auto& said = (*told)->as_object();
    std::cout << (with_.common.json ? json::serialize(said) : name + ": " + asked_.shown(said)) << std::endl;
    return done;
  }

 private:
  const invocation& with_;
  const remote& manager_;
  const request& asked_;
  budget time_;
  std::counting_semaphore<> room_{most_at_once};
};

}  // namespace

int ask_each(const invocation& with, const std::vector<std::string>& wanted, const request& asked) {
  auto all = all_meant(with, wanted, asked.with);
  if (!all) return all.error();
  auto& [manager, names, code] = *all;
  const asking each(with, manager, asked);
  for (const auto& name : names) code = std::max(code, each.tell(name, each.ask(manager.client, name)));
  return code;
}

int ask_at_once(const invocation& with, const std::vector<std::string>& wanted, const request& asked) {
  auto all = all_meant(with, wanted, asked.with);
  if (!all) return all.error();
  auto& [manager, names, code] = *all;
  asking each(with, manager, asked);
  std::vector<std::future<asking::answer>> answers;
  for (const auto& name : names)
    answers.push_back(std::async(std::launch::async, [&each, name] { return each.ask_beside_others(name); }));
  for (std::size_t at = 0; at < names.size(); ++at) code = std::max(code, each.tell(names[at], answers[at].get()));
  return code;
}

int stop_together(const invocation& with, const std::vector<std::string>& wanted, std::optional<milliseconds> within) {
  auto all = all_meant(with, wanted, families::process_by_process);
  if (!all) return all.error();
  auto& [manager, names, code] = *all;
  if (names.empty()) return code;
  auto body = stop_budget(within);
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ",") + name;
  body["workers"] = list;
  const auto answer = manager.client.ask("POST", "/v1/workers/stop", body, longest_wait);
  if (!answer) return refused(with, manager, answer.error());
  for (const auto& one : answer->as_object().at("workers").as_array()) {
    const auto& worker = one.as_object();
    std::cout << (with.common.json ? json::serialize(worker) : text_in(worker, "name") + ": " + stopped_text(worker))
              << '\n';
    if (!is_gone(worker)) code = not_done;
  }
  return code;
}

}  // namespace lineshaft::cli
