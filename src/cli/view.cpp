#include "cli/view.hpp"

#include <termios.h>
#include <unistd.h>

#include <format>
#include <iostream>

#include "base/plugin.hpp"
#include "cli/remote.hpp"
#include "cli/terminal.hpp"
#include "cli/top_plugin.hpp"
#include "sys/forked.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

// A manager that does not say in this time how it stands is in trouble, which is to be shown.
constexpr milliseconds a_look = std::chrono::seconds(5);

class connection final : public top_connection {
 public:
  explicit connection(std::string socket) : client_(std::move(socket)) {}

  std::expected<json::value, std::string> ask(const std::string& method, const std::string& target,
                                              const json::value& body, json::monotonic_resource* memory) override {
    auto answer = client_.ask(method, target, body, method == "GET" ? a_look : longest_wait, memory);
    if (answer) return std::move(*answer);
    return std::unexpected(control::nobody_is_there(answer.error()) ? "the manager has gone"
                                                                    : answer.error().message());
  }
  void follow(const std::string& target, const std::function<bool(const json::object&)>& take,
              std::stop_token stop) override {
    // Its end, however it comes, is seen by whoever asks for the status.
    (void)cli::follow(client_, target, take, std::move(stop));
  }

 private:
  control::client client_;
};

/// The terminal as it was, also when the view was killed and could not put it back.
class terminal_keeper {
 public:
  terminal_keeper() { is_known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0; }
  void restore() const {
    if (is_known_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    // xterm's control sequences: the usual screen, the cursor, no reports of the mouse, no colours.
    std::cout << "\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[0m" << std::flush;
  }

 private:
  termios before_{};
  bool is_known_ = false;
};

}  // namespace

bool can_view(const invocation& with) {
  if (::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1) return true;
  complain(with, "the view needs a terminal", with.program + " status");
  return false;
}

int view(const invocation& with, milliseconds interval) {
  if (!can_view(with)) return wrong_usage;
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  if (const auto there = get(with, *manager, "/v1/status"); !there) return there.error();
  const auto plugin = plugin_symbol(top_plugin, top_symbol);
  if (!plugin) {
    complain(with, plugin.error().message());
    return not_done;
  }
  const auto run = reinterpret_cast<top_function*>(*plugin);
  const top_host host{[where = manager->where.socket()] { return std::make_unique<connection>(where); }, interval,
                      wants_colour(with.common)};
  const terminal_keeper terminal;
  const auto ended = sys::run_forked([&] { return run(host); });
  if (!ended) {
    complain(with, ended.error().message());
    return not_done;
  }
  if (!ended->by_signal()) return ended->code;
  terminal.restore();
  complain(with, std::format("the view was ended by signal {}; the pipeline goes on", -ended->code));
  return not_done;
}

}  // namespace lineshaft::cli
