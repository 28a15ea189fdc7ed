// market-data-generate: writes a feed whose totals are known in advance.
#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <iostream>
#include <optional>
#include <tuple>
#include <utility>

#include "market_data/generate/generator.hpp"
#include "market_data/generate/output_file.hpp"

namespace {

/// "1500", or "30:1500": before and after the open. No value if it is neither.
std::optional<std::pair<std::uint32_t, std::uint32_t>> rates_from(std::string_view text) {
  const auto colon = text.find(':');
  const auto after = colon == text.npos ? text : text.substr(colon + 1);
  std::uint32_t quiet = 0, open = 0;
  for (auto [part, rate] : {std::pair{text.substr(0, colon), &quiet}, std::pair{after, &open}}) {
    const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), *rate);
    if (problem != std::errc{} || end != part.data() + part.size() || *rate > 10'000'000) return {};
  }
  if (open == 0) return {};
  return std::pair{quiet, open};
}

int generate(const market_data::generator_options& options, const std::string& name, bool print_totals) {
  auto file = market_data::output_file::open(name);
  if (!file) {
    std::cerr << "market-data-generate: " << file.error().message() << '\n';
    return 1;
  }
  const auto totals = market_data::generator(options).run([&](std::string_view line) { return file->write(line); });
  if (auto closed = file->close(); !closed) {
    std::cerr << "market-data-generate: " << closed.error().message() << '\n';
    return 1;
  }
  if (print_totals) (name == "-" ? std::cerr : std::cout) << boost::json::serialize(to_json(totals)) << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Writes a market data feed as newline-delimited JSON frames: the open of a trading day with\n"
      "5,000 stocks, 150 of them hot. The same options give the same bytes.",
      "market-data-generate");
  market_data::generator_options options;
  std::string file = "-", rate = "30:1500";
  double seconds = 20;
  bool totals = false;
  app.add_option("file", file, "where to write; gzip if it ends with .gz; - is standard output")->capture_default_str();
  app.add_option("--seed", options.seed, "another seed, another day")->capture_default_str();
  auto* length = app.add_option("--seconds", seconds, "how long the feed lasts")
                     ->capture_default_str()
                     ->check(CLI::Range(0.01, 1e6));
  app.add_option("--events", options.events, "that many events, however long they last")
      ->check(CLI::PositiveNumber)
      ->excludes(length);
  app.add_option("--rate", rate, "events a second, or BEFORE:AFTER the open, which is a quarter in")
      ->capture_default_str();
  app.add_flag("!--no-previous-day", options.previous_day, "leave out the events that tell each stock's day before");
  app.add_flag("--totals", totals, "print what the feed holds as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  const auto rates = rates_from(rate);
  if (!rates) {
    std::cerr << "market-data-generate: --rate is '" << rate
              << "', expected EVENTS or BEFORE:AFTER, at most 10 million\n";
    return 2;
  }
  std::tie(options.pace.quiet_rate, options.pace.open_rate) = *rates;
  options.pace.length = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  return generate(options, file, totals);
}
