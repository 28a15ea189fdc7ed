#include "market_data/generate/instrument.hpp"

#include <string_view>

namespace market_data {
namespace {

/// Four letters that can be said aloud, another for each of 14,400 numbers.
std::string symbol_of(std::uint32_t number) {
  constexpr std::string_view consonants = "BCDFGHJKLMNPQRSTVWXZ", vowels = "AEIOUY";
  // A multiplier without a common factor with 14,400 scatters neighbours over the alphabet.
  number = (number * 10'247 + 777) % 14'400;
  std::string symbol;
  for (int pair = 0; pair < 2; ++pair) {
    symbol += consonants[number % consonants.size()];
    number /= consonants.size();
    symbol += vowels[number % vowels.size()];
    number /= vowels.size();
  }
  return symbol;
}

}  // namespace

std::vector<instrument> make_instruments(random_source& chance) {
  std::vector<instrument> all(instrument_count);
  for (std::uint32_t number = 0; number < instrument_count; ++number) {
    auto& one = all[number];
    one.symbol = symbol_of(number);
    // Cheap stocks are the rule: each of eight doublings from $2 is as likely as the next.
    one.previous_close = (std::int64_t{20'000} << chance.below(8)) + chance.between(0, 19'999) / 100 * 100;
    one.previous_volume = chance.between(1'000, 50'000) * (number < hot_count ? 1000 : 100);
    const auto gap_percent = number < hot_count ? chance.between(-30, 80) : chance.between(-3, 3);
    one.open = (one.previous_close + one.previous_close * gap_percent / 100) / 100 * 100;
    one.price = one.window_open = one.window_high = one.window_low = one.open;
  }
  return all;
}

instrument_picker::instrument_picker() {
  for (std::uint32_t number = 0; number < hot_count; ++number) hot_.insert(hot_.end(), 1 + 600 / (number + 1), number);
}

std::uint32_t instrument_picker::pick(random_source& chance) const {
  const auto draw = chance.next();
  const auto within = static_cast<std::uint32_t>(draw >> 32);
  if (draw % 5 != 0) return hot_[(std::uint64_t{within} * hot_.size()) >> 32];
  return hot_count + static_cast<std::uint32_t>((std::uint64_t{within} * (instrument_count - hot_count)) >> 32);
}

}  // namespace market_data
