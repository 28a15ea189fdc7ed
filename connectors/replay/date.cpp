#include "replay/date.hpp"

#include <algorithm>
#include <charconv>

namespace lineshaft::replay {

namespace {

using namespace std::chrono;

// Reads a text from its front; the first thing that does not fit makes it, and all that follows, fail.
class scanner {
 public:
  explicit scanner(std::string_view text) : text_(text) {}

  int number(std::size_t min_digits, std::size_t max_digits) {
    const auto end = text_.find_first_not_of("0123456789");
    const auto digits = std::min(end == std::string_view::npos ? text_.size() : end, max_digits);
    int value = 0;
    if (digits < min_digits)
      good_ = false;
    else
      std::from_chars(text_.data(), text_.data() + digits, value);
    text_.remove_prefix(std::min(digits, text_.size()));
    return value;
  }
  bool accept(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) { good_ = accept(any_of) && good_; }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool at_end() const { return text_.empty(); }
  bool good() const { return good_; }

 private:
  std::string_view text_;
  bool good_ = true;
};

milliseconds fraction(scanner& from) {
  const auto digit = [&] { return from.peek() >= '0' && from.peek() <= '9' ? from.number(1, 1) : 0; };
  const int value = 100 * from.number(1, 1) + 10 * digit() + digit();
  while (from.peek() >= '0' && from.peek() <= '9') from.number(1, 1);
  return milliseconds(value);
}

// "Z", "+02:00", "-0500", "+02" or nothing: what has to be taken off.
milliseconds zone(scanner& from) {
  if (from.at_end() || from.accept("Zz")) return {};
  const bool east = from.peek() == '+';
  from.expect("+-");
  const int zone_hours = from.number(2, 2);
  if (!from.at_end()) from.accept(":");
  const int zone_minutes = from.at_end() ? 0 : from.number(2, 2);
  const auto offset = hours(zone_hours) + minutes(zone_minutes);
  return east ? offset : -offset;
}

std::optional<milliseconds> time_of_day(scanner& from) {
  const int hour = from.number(1, 2);
  from.expect(":");
  const int minute = from.number(2, 2);
  const int second = from.accept(":") ? from.number(2, 2) : 0;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  milliseconds time = hours(hour) + minutes(minute) + seconds(second);
  if (from.accept(".,")) time += fraction(from);
  from.accept(" ");
  return time - zone(from);
}

std::optional<instant> at(year_month_day date, scanner& rest) {
  if (!rest.good() || !date.ok()) return std::nullopt;
  const milliseconds day = sys_days(date).time_since_epoch();
  if (rest.at_end()) return instant{day, true};
  rest.expect("Tt ");
  const auto time = time_of_day(rest);
  if (!time || !rest.good() || !rest.at_end()) return std::nullopt;
  return instant{day + *time, false};
}

year_month_day make_date(int y, int m, int d) {
  return {year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
}

std::optional<instant> all_digits(std::string_view text) {
  scanner from(text);
  if (text.size() == 8) {
    const int y = from.number(4, 4), m = from.number(2, 2), d = from.number(2, 2);
    return at(make_date(y, m, d), from);
  }
  std::int64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) return std::nullopt;
  return instant{from_epoch(number), false};
}

}  // namespace

milliseconds from_epoch(std::int64_t number) {
  if (number <= 0) return milliseconds(0);
  if (number < 100'000'000'000) return seconds(number);
  if (number < 100'000'000'000'000) return milliseconds(number);
  if (number < 100'000'000'000'000'000) return milliseconds(number / 1000);
  return milliseconds(number / 1'000'000);
}

std::optional<instant> parse_instant(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.find_first_not_of("0123456789") == std::string_view::npos) return all_digits(text);
  scanner from(text);
  if (text.find('/') != std::string_view::npos) {
    const int m = from.number(1, 2);
    from.expect("/");
    const int d = from.number(1, 2);
    from.expect("/");
    const int y = from.number(4, 4);
    return at(make_date(y, m, d), from);
  }
  const int y = from.number(4, 4);
  from.expect("-");
  const int m = from.number(1, 2);
  from.expect("-");
  const int d = from.number(1, 2);
  return at(make_date(y, m, d), from);
}

}  // namespace lineshaft::replay
