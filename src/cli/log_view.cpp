#include "cli/log_view.hpp"

#include <algorithm>
#include <array>

#include "cli/fields.hpp"

namespace lineshaft::cli {
namespace {

// Red is for what is wrong.
constexpr std::array palette{colour::cyan, colour::magenta, colour::yellow, colour::green, colour::blue};

}  // namespace

colour log_view::colour_of(const std::string& worker) {
  return colours_.try_emplace(worker, palette[colours_.size() % palette.size()]).first->second;
}

std::string log_view::line(const boost::json::object& shown) {
  if (shown.contains("missed")) return painted("… " + text_in(shown, "cause"), colour::red, coloured_);
  auto worker = text_in(shown, "worker");
  widest_ = std::max(widest_, worker.size());
  const auto in = colour_of(worker);
  const bool is_error = text_in(shown, "stream") == "err";
  worker.resize(widest_, ' ');
  return painted(worker + (is_error ? " ! " : " | "), in, coloured_) + text_in(shown, "line");
}

std::string log_view::timed_line(const boost::json::object& shown) {
  return painted(text_in(shown, "time") + " ", colour::dim, coloured_) + line(shown);
}

}  // namespace lineshaft::cli
