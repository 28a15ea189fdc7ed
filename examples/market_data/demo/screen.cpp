#include "market_data/demo/screen.hpp"

#include <unistd.h>

#include <cstdlib>
#include <format>

namespace market_data {
namespace {

using lineshaft::worker_state;

const char* colour_of(worker_state state) {
  switch (state) {
    case worker_state::running: return "32";
    case worker_state::completed: return "36";
    case worker_state::failed: return "31";
    default: return "33";
  }
}

}  // namespace

screen::screen() : terminal_(::isatty(STDOUT_FILENO) == 1), colour_(terminal_ && std::getenv("NO_COLOR") == nullptr) {}

void screen::show(const lineshaft::process_manager& manager) {
  // Where lines stay, fewer of them are worth reading.
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ && now < next_) return;
  next_ = now + std::chrono::seconds(2);
  std::string text;
  if (drawn_ > 0 && terminal_) text += std::format("\x1b[{}A", drawn_);
  const char* clear = terminal_ ? "\x1b[K\n" : "\n";
  text += painted("1", std::format("{:<12} {:<9} {:>8} {:>4} {:>9} {:>10} {:>7} {:>8}", "worker", "state", "pid", "gen",
                                   "rate/s", "processed", "age ms", "restarts")) +
          clear;
  drawn_ = 1;
  for (const auto& status : manager.get_all_status()) {
    text += row(status) + clear;
    ++drawn_;
  }
  std::cout << text << std::flush;
}

void screen::show_last(const lineshaft::process_manager& manager) {
  next_ = {};
  show(manager);
}

void screen::say(const std::string& line) {
  std::cout << (terminal_ ? "\x1b[K" : "") << line << '\n' << std::flush;
  drawn_ = 0;
}

std::string screen::row(const lineshaft::worker_status& status) {
  const auto state = painted(colour_of(status.state), std::format("{:<9}", to_string(status.state)));
  return std::format("{:<12} {} {:>8} {:>4} {:>9.0f} {:>10} {:>7} {:>8}", status.name, state,
                     status.pid ? std::to_string(*status.pid) : "-", status.generation, rate_of(status),
                     status.processed, status.alive ? std::to_string(status.age.count()) : "-",
                     status.process_restarts);
}

// Over half a second or more, so that it can be read.
double screen::rate_of(const lineshaft::worker_status& status) {
  auto& [processed, at, rate] = samples_[status.name];
  const auto now = std::chrono::steady_clock::now();
  const auto seconds = std::chrono::duration<double>(now - at).count();
  if (status.processed < processed) processed = 0;  // the next generation counts from 0
  if (seconds < 0.5) return rate;
  rate = static_cast<double>(status.processed - processed) / seconds;
  processed = status.processed;
  at = now;
  return rate;
}

std::string screen::painted(const char* code, std::string text) const {
  return colour_ ? std::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

}  // namespace market_data
