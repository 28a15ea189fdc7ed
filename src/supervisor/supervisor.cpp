#include "supervisor/supervisor.hpp"

#include <algorithm>

#include "supervisor/names.hpp"

namespace lineshaft::supervisor {

supervisor::supervisor(boost::asio::io_context& loop, directory& directory)
    : reaper_(loop), launcher_(loop, reaper_), parts_{loop, launcher_, directory, queues_} {}

void supervisor::prepare() {
  // A failure shows itself, with its reason, at the first start.
  (void)launcher_.prepare();
}

void supervisor::close(std::function<void()> closed) { launcher_.close(std::chrono::seconds(1), std::move(closed)); }

void supervisor::start(worker_identity identity, start_options options, worker_entry::on_started answered) {
  if (auto fits = check_name(identity.name); !fits) return answered(std::unexpected(fits.error()));
  options.stop_timeout = std::min(options.stop_timeout, policy::longest_span);
  options.start_timeout = std::min(options.start_timeout, policy::longest_span);
  const auto name = identity.name;
  auto* entry = find(name);
  if (entry != nullptr && !entry->down()) {
    return answered(fail(std::errc::file_exists, "cannot start '" + name + "': the name is in use"));
  }
  if (entry == nullptr) {
    auto made = std::make_unique<worker_entry>(parts_, std::move(identity), std::move(options));
    entry = workers_.emplace(name, std::move(made)).first->second.get();
  } else {
    entry->redefine(std::move(identity), std::move(options));
  }
  entry->start([this, name, answered = std::move(answered)](result<pid_t> started) {
    // A first start that failed leaves no record behind.
    if (auto* failed = find(name); !started && failed != nullptr && !failed->has_past()) forget(name);
    answered(std::move(started));
  });
}

void supervisor::stop(const std::string& name, stop_request request, worker_entry::on_stopped answered) {
  auto* entry = find(name);
  if (entry == nullptr) return answered({.name = name, .how = stop_outcome::not_running});
  entry->stop(request, std::move(answered));
}

void supervisor::restart(const std::string& name, worker_entry::on_started answered) {
  auto* entry = find(name);
  if (entry == nullptr) return answered(fail("cannot restart '" + name + "': there is no such worker"));
  entry->restart(std::move(answered));
}

void supervisor::wait_ready(const std::string& name, worker_entry::on_ready answered) {
  auto* entry = find(name);
  if (entry == nullptr) return answered(fail("cannot wait for '" + name + "': there is no such worker"));
  entry->wait_ready(std::move(answered));
}

bool supervisor::forget(const std::string& name) {
  auto* entry = find(name);
  if (entry == nullptr || !entry->down()) return false;
  workers_.erase(name);
  parts_.published.remove(name);
  return true;
}

std::vector<worker_timeout> supervisor::workers() const {
  std::vector<worker_timeout> all;
  for (const auto& [name, entry] : workers_) all.push_back({name, entry->stop_timeout()});
  return all;
}

worker_entry* supervisor::find(const std::string& name) {
  const auto found = workers_.find(name);
  return found == workers_.end() ? nullptr : found->second.get();
}

}  // namespace lineshaft::supervisor
