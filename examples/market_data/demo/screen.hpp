#pragma once
// What the demo shows while it runs: a table that is drawn again and again on a terminal, plain lines elsewhere.
#include <chrono>
#include <lineshaft/lineshaft.hpp>
#include <map>
#include <string>

namespace market_data {

class screen {
 public:
  screen();
  /// Draws the table of all workers; on a terminal over the one before.
  void show(const lineshaft::process_manager& manager);
  /// The same, whatever was shown just before.
  void show_last(const lineshaft::process_manager& manager);
  /// One line that stays.
  void say(const std::string& line);

 private:
  struct sample {
    std::uint64_t processed = 0;
    std::chrono::steady_clock::time_point at;
    double rate = 0;
  };
  std::string row(const lineshaft::worker_status& status);
  double rate_of(const lineshaft::worker_status& status);
  std::string painted(const char* code, std::string text) const;

  bool terminal_, colour_;
  std::chrono::steady_clock::time_point next_{};  ///< without a terminal: not again before
  int drawn_ = 0;                                 ///< lines of the table that is on the screen
  std::map<std::string, sample> samples_;
};

}  // namespace market_data
