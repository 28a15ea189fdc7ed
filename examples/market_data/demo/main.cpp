// market-data-demo: the pipeline on a generated day, one processor killed half-way, and the accounts at the end.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <csignal>
#include <filesystem>
#include <format>
#include <lineshaft/cache.hpp>

#include "market_data/demo/screen.hpp"
#include "market_data/generate/generator.hpp"
#include "market_data/generate/output_file.hpp"
#include "market_data/pipeline.hpp"
#include "market_data/workers/value_or_throw.hpp"

namespace {

using namespace std::chrono_literals;
using lineshaft::process_manager;
using std::chrono::steady_clock;

volatile std::sig_atomic_t interrupted = 0;

struct demo_options {
  std::string feed;  ///< instead of the generated day
  std::string bars;  ///< a table of real prices, fed first if it is there
  double seconds = 20;
  bool chaos = true;
};

/// A folder for the run, gone with it.
class run_folder {
 public:
  run_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lineshaft-demo-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~run_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  run_folder(const run_folder&) = delete;
  run_folder& operator=(const run_folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// The day before in one file, since it is fed at once, and the day itself in the other.
lineshaft::result<market_data::feed_totals> generate(const run_folder& folder, double seconds) {
  auto before = market_data::output_file::open(folder / "before.ndjson");
  if (!before) return std::unexpected(before.error());
  auto day = market_data::output_file::open(folder / "day.ndjson");
  if (!day) return std::unexpected(day.error());
  market_data::generator_options options;
  options.pace.length = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  auto totals = market_data::generator(options).run(
      [&](std::string_view line) { return (line.starts_with(R"([{"ev":"AM")") ? *before : *day).write(line); });
  for (auto* file : {&*before, &*day}) {
    if (auto closed = file->close(); !closed) return std::unexpected(closed.error());
  }
  return totals;
}

class demo {
 public:
  demo(process_manager& manager, demo_options options) : manager_(manager), options_(std::move(options)) {}

  int run();

 private:
  lineshaft::result<> feed_at_once(const std::string& name, const std::string& file);
  lineshaft::result<> begin();
  void watch();
  void kill_one();
  void show_boards();
  int show_accounts() const;

  process_manager& manager_;
  demo_options options_;
  run_folder folder_;
  market_data::screen screen_;
  std::uint64_t expected_ = 0;  ///< events, known before the first is fed; 0: not known
};

int demo::run() {
  if (auto begun = begin(); !begun) {
    std::cerr << "market-data-demo: " << begun.error().message() << '\n';
    return 1;
  }
  watch();
  manager_.stop_all(10s);
  screen_.show_last(manager_);
  show_boards();
  return show_accounts();
}

lineshaft::result<> demo::begin() {
  if (auto started = market_data::start_processors(manager_, {.cache = "lmdb:" + (folder_ / "cache"), .processors = 2});
      !started) {
    return started;
  }
  if (!options_.feed.empty()) return market_data::start_listener(manager_, "listener", options_.feed);
  screen_.say("generating a day of trading …");
  auto day = generate(folder_, options_.seconds);
  if (!day) return std::unexpected(day.error());
  expected_ = day->events;
  screen_.say(std::format("{} events of 5,000 stocks: the open of a trading day", expected_));
  if (std::filesystem::exists(options_.bars)) {
    if (auto fed = feed_at_once("history", options_.bars + "?symbol=AAPL"); !fed) return fed;
    expected_ += manager_.get_status("history").processed;
  }
  if (auto fed = feed_at_once("day-before", folder_ / "before.ndjson"); !fed) return fed;
  return market_data::start_listener(manager_, "listener", "replay:" + (folder_ / "day.ndjson") + "?speed=1");
}

lineshaft::result<> demo::feed_at_once(const std::string& name, const std::string& file) {
  if (auto started = market_data::start_listener(manager_, name, "replay:" + file); !started) return started;
  while (interrupted == 0 && !market_data::is_drained(manager_, name)) {
    screen_.show(manager_);
    std::this_thread::sleep_for(100ms);
  }
  const auto status = manager_.get_status(name);
  if (status.state == lineshaft::worker_state::failed) return lineshaft::fail(name + ": " + status.error);
  return {};
}

void demo::watch() {
  const auto began = steady_clock::now();
  bool killed = !options_.chaos;
  while (interrupted == 0 && !market_data::is_drained(manager_, "listener")) {
    screen_.show(manager_);
    const auto ran = std::chrono::duration<double>(steady_clock::now() - began).count();
    if (!killed && ran > options_.seconds / 2) {
      killed = true;
      kill_one();
    }
    if (!options_.feed.empty() && ran > options_.seconds) manager_.stop_process("listener");
    std::this_thread::sleep_for(200ms);
  }
}

void demo::kill_one() {
  const auto pid = manager_.get_status("trades-0").pid;
  if (!pid) return;
  ::kill(*pid, SIGKILL);
  screen_.say(
      std::format("\nkill -9 {}: that was trades-0. Its queue is held by the manager, its name comes back:", *pid));
}

void demo::show_boards() {
  boost::asio::io_context loop;
  auto shown = boost::asio::co_spawn(
      loop,
      [](boost::asio::any_io_executor executor, std::string url) -> boost::asio::awaitable<void> {
        const auto cache = market_data::value_or_throw(co_await lineshaft::open_cache(executor, std::move(url)));
        for (const char* board : {"top_volume", "top_gappers", "top_gainers"}) {
          const auto best = co_await cache->top(std::string("leaderboard:") + board, 5);
          std::cout << std::format("{:<12}", board);
          for (const auto& [symbol, score] : best.value_or(std::vector<lineshaft::cache_score>())) {
            std::cout << std::format("  {} {:.{}f}", symbol, score, score < 1000 ? 2 : 0);
          }
          std::cout << '\n';
        }
      }(loop.get_executor(), "lmdb:" + (folder_ / "cache")),
      boost::asio::use_future);
  loop.run();
  try {
    shown.get();
  } catch (const std::exception& problem) {
    std::cerr << "market-data-demo: cannot read the leaderboards: " << problem.what() << '\n';
  }
}

int demo::show_accounts() const {
  const auto accounts = market_data::accounts_of(manager_);
  std::cout << std::format("\nfed {} = processed {} + known lost {}{}\n", accounts.fed, accounts.processed,
                           accounts.lost,
                           accounts.waiting > 0 ? std::format(" + still waiting {}", accounts.waiting) : "");
  const bool complete = interrupted != 0 || expected_ == 0 || accounts.fed == expected_;
  if (!complete) std::cout << std::format("but {} events were to be fed\n", expected_);
  const bool balanced = accounts.balanced() && complete;
  std::cout << (balanced ? "the accounts balance\n" : "THE ACCOUNTS DO NOT BALANCE\n");
  return balanced ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, market_data::worker_classes());
  CLI::App app("The market data pipeline on a generated day, with one of its processes killed half-way.", "./dev demo");
  demo_options options;
  bool no_chaos = false;
  app.add_option("--duration", options.seconds,
                 "how long the generated day lasts, or another feed is let run, in seconds")
      ->capture_default_str()
      ->check(CLI::Range(2.0, 3600.0));
  app.add_option("--feed", options.feed,
                 "another feed instead of the generated day: replay:FILE[?speed=&loop=&symbol=]");
  app.add_option("--bars", options.bars, "a table of real daily prices, fed first");
  app.add_flag("--no-chaos", no_chaos, "kill nothing");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  options.chaos = !no_chaos;
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
  process_manager manager(host);
  return demo(manager, std::move(options)).run();
}
