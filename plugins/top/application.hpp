#pragma once
// `lineshaft top` at work: one thread looks, one listens to events, one sends commands; what is shown is changed on the
// terminal's thread alone.
#include <condition_variable>
#include <deque>
#include <ftxui/component/screen_interactive.hpp>
#include <mutex>
#include <string>
#include <thread>

#include "cli/top_plugin.hpp"
#include "top/keys.hpp"

namespace lineshaft::top {

class application {
 public:
  explicit application(const cli::top_host& host);
  /// Returns when somebody has left.
  int run();

 private:
  void look(const std::stop_token& stop);
  void look_at_details(cli::top_connection& manager, const std::string& name);
  void listen(const std::stop_token& stop);
  void send_commands(const std::stop_token& stop);
  bool handle(const ftxui::Event& event);
  void send(command what);
  /// True if it was stopped meanwhile.
  bool pause(const std::stop_token& stop, std::chrono::milliseconds span);

  const cli::top_host& host_;
  ftxui::ScreenInteractive screen_;
  model model_;
  surroundings around_;
  keyboard keyboard_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<command> commands_;
  std::string details_of_;                      ///< empty: nobody looks at details
  std::vector<std::int64_t> pids_;              ///< as the screen knows them
  std::jthread looking_, listening_, sending_;  // last: they end before what they use
};

}  // namespace lineshaft::top
