#include "supervisor/own_supervisor.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <format>
#include <utility>

#include "base/whole_number.hpp"
#include "sys/notify_socket.hpp"

namespace lineshaft::supervisor {
namespace {

using std::chrono::microseconds;

// READY must not be lost because the other side is slow; nor may it hold this program up for ever.
constexpr auto patience = std::chrono::seconds(1);

std::string_view variable(std::span<const std::string> environment, std::string_view name) {
  for (const std::string_view entry : environment) {
    if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) return entry.substr(name.size() + 1);
  }
  return {};
}

}  // namespace

supervisor_contact contact_in(std::span<const std::string> environment, pid_t self) {
  supervisor_contact contact;
  contact.address = variable(environment, "NOTIFY_SOCKET");
  const auto span = whole_number<microseconds::rep>(variable(environment, "WATCHDOG_USEC"));
  const auto pid = variable(environment, "WATCHDOG_PID");
  // Of another process's watchdog only the variables were inherited.
  const bool meant = pid.empty() || whole_number<pid_t>(pid) == self;
  if (!contact.address.empty() && meant && span && *span > 0) contact.watchdog = microseconds(*span);
  return contact;
}

std::string summary_of(std::span<const worker_status> workers) {
  const auto ready = std::ranges::count_if(
      workers, [](const auto& worker) { return worker.ready || worker.state == worker_state::completed; });
  auto text = std::format("{} of {} workers ready", ready, workers.size());
  std::string failed;
  for (const auto& worker : workers) {
    if (worker.state == worker_state::failed) failed += (failed.empty() ? "; failed: " : ", ") + worker.name;
  }
  return text + failed;
}

own_supervisor::own_supervisor(boost::asio::io_context& loop, const directory& workers, supervisor_contact contact)
    : loop_(loop), workers_(workers), contact_(std::move(contact)), timer_(loop) {}

result<> own_supervisor::tell(const std::string& text) const {
  if (contact_.address.empty()) return {};
  return sys::send_datagram(contact_.address, text, patience);
}

std::string own_supervisor::summary() const {
  std::vector<worker_status> known;
  for (const auto& view : workers_.all()) known.push_back(view->known);
  return summary_of(known);
}

result<> own_supervisor::tell_ready() const { return tell("READY=1\nSTATUS=" + summary()); }

result<> own_supervisor::tell_stopping() {
  if (told_stopping_.exchange(true)) return {};
  return tell("STOPPING=1");
}

void own_supervisor::begin_beating() {
  if (contact_.watchdog) beat();
}

void own_supervisor::beat() {
  // One that is lost because nobody reads says what is the case.
  (void)sys::send_datagram(contact_.address, "WATCHDOG=1", std::chrono::milliseconds(0));
  timer_.expires_after(*contact_.watchdog / 2);
  timer_.async_wait([this](boost::system::error_code ec) {
    if (!ec) beat();
  });
}

void own_supervisor::workers_changed() {
  if (contact_.address.empty() || std::exchange(will_tell_, true)) return;
  boost::asio::post(loop_, [this] {
    will_tell_ = false;
    auto text = summary();
    if (text == told_) return;
    told_ = std::move(text);
    (void)sys::send_datagram(contact_.address, "STATUS=" + told_, std::chrono::milliseconds(0));
  });
}

}  // namespace lineshaft::supervisor
