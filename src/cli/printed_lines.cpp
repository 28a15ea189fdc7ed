#include "cli/printed_lines.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>

#include "cli/fields.hpp"
#include "telemetry/utf8.hpp"

namespace lineshaft::cli {

namespace json = boost::json;

printed_lines::printed_lines(const std::string& folder, const std::string& worker, std::string since,
                             std::vector<json::object> remembered, std::string until)
    : worker_(worker),
      files_(folder, worker, std::move(since)),
      remembered_(std::move(remembered)),
      until_(remembered_.empty() ? std::move(until) : text_in(remembered_.back(), "time")) {}

// A line with the time of the last one may be in both places: their count tells which of those remembered are not in
// the file.
bool printed_lines::take(const output::logged_line& line) {
  if (line.time > until_) return false;
  if (line.is == output::stamped_line::kind::lost || line.time < last_time_) return true;
  with_that_ = line.time == last_time_ ? with_that_ + 1 : 1;
  last_time_ = line.time;
  return true;
}

json::object printed_lines::to_json(const output::logged_line& line) const {
  const auto text = telemetry::well_formed_utf8(line.text);
  json::object made{{"id", nullptr}, {"time", line.time}, {"worker", worker_}, {"generation", line.generation}};
  if (line.is == output::stamped_line::kind::lost) {
    // "12 lines (700 bytes): No space left on device"
    return {{"event", "dropped"},
            {"missed", std::strtoull(text.c_str(), nullptr, 10)},
            {"cause", worker_ + " lost " + text},
            {"time", line.time},
            {"worker", worker_},
            {"generation", line.generation}};
  }
  made["stream"] = line.is == output::stamped_line::kind::out ? "out" : "err";
  made["line"] = text;
  return made;
}

void printed_lines::leave_out_what_was_read() {
  const auto time = [](const json::object& one) { return text_in(one, "time"); };
  std::erase_if(remembered_, [&](const json::object& one) { return time(one) < last_time_; });
  const auto alike = std::ranges::count(remembered_, last_time_, time);
  remembered_.erase(remembered_.begin(),
                    remembered_.begin() + std::min<std::ptrdiff_t>(alike, static_cast<std::ptrdiff_t>(with_that_)));
}

std::optional<json::object> printed_lines::next() {
  while (!files_are_read_) {
    const auto line = files_.next();
    if (line && take(*line)) return to_json(*line);
    if (line) continue;
    files_are_read_ = true;
    leave_out_what_was_read();
  }
  return at_ < remembered_.size() ? std::optional(std::move(remembered_[at_++])) : std::nullopt;
}

std::vector<json::object> printed_lines::last(std::size_t count,
                                              const std::function<bool(const json::object&)>& wanted) {
  const auto lines =
      files_.last(count, [&](const output::logged_line& line) { return take(line) && wanted(to_json(line)); });
  std::vector<json::object> all;
  for (const auto& one : lines) all.push_back(to_json(one));
  leave_out_what_was_read();
  std::ranges::copy_if(remembered_, std::back_inserter(all), wanted);
  const auto too_many = all.size() > count ? all.size() - count : 0;
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(too_many));
  return all;
}

}  // namespace lineshaft::cli
