#include "market_data/generate/event_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace market_data {
namespace {

/// An event is written into this, then appended at once: far cheaper than growing the frame by bits.
class text {
 public:
  text& operator<<(std::string_view part) {
    end_ = std::copy_n(part.begin(), std::min(part.size(), room()), end_);
    return *this;
  }
  text& operator<<(std::int64_t number) {
    end_ = std::to_chars(end_, end_ + room(), number).ptr;
    return *this;
  }
  /// 1,141,250 is 114.125.
  text& price(std::int64_t ten_thousandths) {
    *this << ten_thousandths / 10'000;
    auto rest = static_cast<std::uint32_t>(ten_thousandths % 10'000);
    if (rest == 0) return *this;
    *end_++ = '.';
    for (std::uint32_t unit = 1000; rest != 0; rest %= unit, unit /= 10) *end_++ = static_cast<char>('0' + rest / unit);
    return *this;
  }
  void append_to(std::string& out) const { out.append(bytes_.data(), static_cast<std::size_t>(end_ - bytes_.data())); }

 private:
  std::size_t room() const { return static_cast<std::size_t>(bytes_.data() + bytes_.size() - end_); }

  std::array<char, 512> bytes_;  // the longest event takes 300
  char* end_ = bytes_.data();
};

constexpr std::array<std::string_view, 4> trade_conditions{"[14,37]", "[0,12]", "[37]", "[]"};

std::int64_t average(std::int64_t value, std::int64_t volume, std::int64_t otherwise) {
  return volume == 0 ? otherwise : value * 10'000 / volume;
}

}  // namespace

/// One deal: the price moves by up to 1/500 of itself, in whole cents. Returns the number of shares.
std::int64_t event_writer::deal(instrument& one) {
  const auto step = std::max<std::int64_t>(1, one.price / 500 / 100);
  const auto moved = chance_.between(static_cast<int>(-step), static_cast<int>(step)) * std::int64_t{100};
  one.price = std::max<std::int64_t>(100, one.price + moved);
  const std::int64_t shares = (chance_.next() & 3) == 0 ? chance_.between(1, 99) : 100 * chance_.between(1, 20);
  if (one.window_trades++ == 0) one.window_open = one.window_high = one.window_low = one.price;
  one.window_high = std::max(one.window_high, one.price);
  one.window_low = std::min(one.window_low, one.price);
  one.window_volume += shares;
  one.day_volume += shares;
  one.day_value += one.price * shares / 10'000;
  return shares;
}

void event_writer::trade(instrument& one, event_time now, std::string& out) {
  const auto shares = deal(one);
  const auto draw = chance_.next();
  text line;
  line << R"({"ev":"T","sym":")" << one.symbol << R"(","x":)" << static_cast<std::int64_t>(1 + draw % 20) << R"(,"i":")"
       << static_cast<std::int64_t>(sequence_ - 999'999) << R"(","z":)"
       << static_cast<std::int64_t>(1 + (draw >> 8) % 3) << R"(,"p":)";
  line.price(one.price) << R"(,"s":)" << shares << R"(,"c":)"
                        << trade_conditions[(draw >> 16) % trade_conditions.size()] << R"(,"t":)"
                        << now.time_since_epoch().count() << R"(,"q":)" << static_cast<std::int64_t>(sequence_++)
                        << "}";
  line.append_to(out);
}

void event_writer::quote(const instrument& one, event_time now, std::string& out) {
  const auto draw = chance_.next();
  const std::int64_t spread = 100 * static_cast<std::int64_t>(1 + draw % 4);
  text line;
  line << R"({"ev":"Q","sym":")" << one.symbol << R"(","bx":)" << static_cast<std::int64_t>(1 + (draw >> 8) % 20)
       << R"(,"bp":)";
  line.price(std::max<std::int64_t>(100, one.price - spread))
      << R"(,"bs":)" << static_cast<std::int64_t>(1 + (draw >> 16) % 40) << R"(,"ax":)"
      << static_cast<std::int64_t>(1 + (draw >> 24) % 20) << R"(,"ap":)";
  line.price(one.price + spread) << R"(,"as":)" << static_cast<std::int64_t>(1 + (draw >> 32) % 40) << R"(,"c":)"
                                 << static_cast<std::int64_t>((draw >> 40) % 2) << R"(,"i":[604],"t":)"
                                 << now.time_since_epoch().count() << R"(,"q":)"
                                 << static_cast<std::int64_t>(sequence_++) << R"(,"z":)"
                                 << static_cast<std::int64_t>(1 + (draw >> 48) % 3) << "}";
  line.append_to(out);
}

void event_writer::aggregate(instrument& one, event_time now, std::string& out) {
  if (one.window_trades == 0) deal(one);
  const auto end = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() * std::int64_t{1000};
  text line;
  line << R"({"ev":"A","sym":")" << one.symbol << R"(","v":)" << one.window_volume << R"(,"av":)" << one.day_volume
       << R"(,"op":)";
  line.price(one.open) << R"(,"vw":)";
  line.price((one.window_high + one.window_low + one.price) / 3) << R"(,"o":)";
  line.price(one.window_open) << R"(,"c":)";
  line.price(one.price) << R"(,"h":)";
  line.price(one.window_high) << R"(,"l":)";
  line.price(one.window_low) << R"(,"a":)";
  line.price(average(one.day_value, one.day_volume, one.price))
      << R"(,"z":)" << one.window_volume / one.window_trades << R"(,"s":)" << end - 1000 << R"(,"e":)" << end << "}";
  line.append_to(out);
  one.window_open = one.window_high = one.window_low = one.price;
  one.window_volume = one.window_trades = 0;
}

void event_writer::halt(const instrument& one, event_time now, std::string& out) {
  const auto draw = chance_.next();
  text line;
  line << R"({"ev":"LULD","T":")" << one.symbol << R"(","h":)";
  line.price(one.price + one.price / 10) << R"(,"l":)";
  line.price(one.price - one.price / 10) << R"(,"i":[)" << static_cast<std::int64_t>(17 + draw % 2) << R"(],"z":3,"t":)"
                                         << now.time_since_epoch().count() * std::int64_t{1000} << R"(,"q":)"
                                         << static_cast<std::int64_t>(sequence_++) << "}";
  line.append_to(out);
}

void event_writer::previous_day(const instrument& one, event_time close, std::string& out) {
  const auto end = close.time_since_epoch().count();
  text line;
  line << R"({"ev":"AM","sym":")" << one.symbol << R"(","v":)" << one.previous_volume / 400 << R"(,"av":)"
       << one.previous_volume << R"(,"op":)";
  for (auto field : {R"(,"vw":)", R"(,"o":)", R"(,"c":)", R"(,"h":)", R"(,"l":)", R"(,"a":)"})
    line.price(one.previous_close) << field;
  line.price(one.previous_close) << R"(,"z":100,"s":)" << end - 60'000 << R"(,"e":)" << end << "}";
  line.append_to(out);
}

}  // namespace market_data
