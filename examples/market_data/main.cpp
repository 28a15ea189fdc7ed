// market-data: the pipeline as a plain program, so that any file can be run through it.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <csignal>

#include "market_data/pipeline.hpp"

namespace {

using namespace std::chrono_literals;

constexpr auto listener = "listener";
volatile std::sig_atomic_t interrupted = 0;

boost::json::object report_of(const lineshaft::process_manager& manager) {
  boost::json::array workers, queues;
  for (const auto& status : manager.get_all_status()) workers.push_back(lineshaft::to_json(status));
  for (const auto& queue : manager.get_queues()) {
    queues.push_back({{"name", queue.name}, {"sent", queue.sent}, {"done", queue.done}, {"lost", queue.lost}});
  }
  const auto accounts = market_data::accounts_of(manager);
  return {{"fed", accounts.fed},         {"processed", accounts.processed},
          {"lost", accounts.lost},       {"balanced", accounts.balanced()},
          {"queues", std::move(queues)}, {"workers", std::move(workers)}};
}

void print(const lineshaft::process_manager& manager) {
  for (const auto& status : manager.get_all_status()) {
    std::cout << status.name << ": " << to_string(status.state) << ", processed " << status.processed << ", published "
              << status.published << (status.error.empty() ? "" : ", " + status.error) << '\n';
  }
  const auto accounts = market_data::accounts_of(manager);
  std::cout << "fed " << accounts.fed << " = processed " << accounts.processed << " + lost " << accounts.lost << '\n';
}

// Until the listener has ended and all is done, or somebody interrupts.
void wait_for_end(const lineshaft::process_manager& manager, bool exit_when_done) {
  while (interrupted == 0 && !(exit_when_done && market_data::is_drained(manager, listener)))
    std::this_thread::sleep_for(20ms);
}

struct program_options {
  market_data::processing_options processing;
  std::string feed;
  bool exit_when_done = false, as_json = false;
};

int run(lineshaft::host& host, const program_options& options) {
  lineshaft::process_manager manager(host);
  auto started = market_data::start_processors(manager, options.processing);
  if (started) started = market_data::start_listener(manager, listener, options.feed);
  if (!started) {
    std::cerr << "market-data: " << started.error().message() << '\n';
    return 1;
  }
  wait_for_end(manager, options.exit_when_done);
  const bool listened = manager.get_status(listener).state != lineshaft::worker_state::failed;
  manager.stop_all(10s);
  if (options.as_json)
    std::cout << report_of(manager) << '\n';
  else
    print(manager);
  return listened && market_data::accounts_of(manager).balanced() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, market_data::worker_classes());
  CLI::App app("Runs a market data feed through queues and processors into a cache.", "market-data");
  program_options options;
  app.add_option("--feed", options.feed, "where the events come from: replay:FILE[?speed=&loop=&symbol=]")->required();
  app.add_option("--cache", options.processing.cache, "where the results go: lmdb:FOLDER")->required();
  app.add_option("--processors", options.processing.processors, "for each of the queues trades and quotes")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  app.add_flag("--exit-when-done", options.exit_when_done, "end when the feed has ended and everything is processed");
  app.add_flag("--json", options.as_json, "print the final status of all workers as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
  return run(host, options);
}
