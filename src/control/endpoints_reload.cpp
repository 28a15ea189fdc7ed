#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>

#include "control/asking.hpp"
#include "control/endpoints.hpp"
#include "control/problem.hpp"

namespace lineshaft::control {
using boost::asio::awaitable;

namespace {

/// What went wrong, with the status code that says whose fault it is.
struct refusal {
  unsigned status;
  error why;
};
using outcome = std::expected<reload_plan, refusal>;

enum class what_to_do : std::uint8_t { plan, apply };

outcome done(service& with, what_to_do what) {
  auto loaded = with.hooks.load();
  if (!loaded) return std::unexpected(refusal{422, loaded.error()});
  auto& [pipeline, later] = *loaded;
  auto plan = what == what_to_do::plan ? with.manager.plan_reload(std::move(pipeline))
                                       : with.manager.reload(std::move(pipeline));
  if (!plan) return std::unexpected(refusal{409, plan.error()});
  std::ranges::move(later, std::back_inserter(plan->later));
  return std::move(*plan);
}

}  // namespace

awaitable<reply> reload(service& with, call asked) {
  constexpr auto longest_wait = std::chrono::hours(1);
  const auto dry_run = asked.given.boolean("dry_run", false);
  if (!dry_run) co_return problem(400, dry_run.error().message());
  const auto what = *dry_run ? what_to_do::plan : what_to_do::apply;
  const auto answered = co_await answer_of<outcome>(with.loop, longest_wait, [&](auto answer) {
    boost::asio::post(with.patient, [&with, what, answer] { answer(done(with, what)); });
  });
  if (!answered) co_return problem(504, "the reload is still under way: GET /v1/status says how it stands");
  if (!*answered) co_return problem(answered->error().status, answered->error().why.message());
  co_return json_reply(to_json(**answered));
}

}  // namespace lineshaft::control
