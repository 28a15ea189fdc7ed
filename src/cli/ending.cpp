#include "cli/ending.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>

#include "cli/answers.hpp"
#include "cli/fields.hpp"
#include "cli/remote.hpp"
#include "sys/poll.hpp"
#include "sys/wait.hpp"

namespace lineshaft::cli {
namespace {

// Its workers have gone when it answers; it goes itself right after.
void wait_for_end_of(std::int64_t manager) {
  const auto handle = sys::pidfd_open(static_cast<pid_t>(manager));
  auto ended = sys::poller::make();
  if (handle && ended && ended->add(handle->get())) ended->wait(std::chrono::seconds(10));
}

}  // namespace

int stop_everything(const invocation& with, std::optional<std::chrono::milliseconds> within) {
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  const auto status = get(with, *manager, "/v1/status");
  if (!status) return status.error();
  const auto answer = manager->client.ask("POST", "/v1/stop", stop_budget(within), longest_wait);
  if (!answer) return refused(with, *manager, answer.error());
  wait_for_end_of(number_in(status->at("manager").as_object(), "pid"));
  const auto& workers = answer->as_object().at("workers").as_array();
  const auto gone = [](const auto& worker) { return is_gone(worker.as_object()); };
  const int code = std::ranges::all_of(workers, gone) ? done : not_done;
  if (with.common.json) {
    std::cout << boost::json::serialize(*answer) << '\n';
    return code;
  }
  for (const auto& worker : workers)
    std::cout << text_in(worker.as_object(), "name") << ": " << stopped_text(worker.as_object()) << '\n';
  return code;
}

}  // namespace lineshaft::cli
