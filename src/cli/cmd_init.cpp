// lineshaft init
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>

#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

struct choice {
  std::vector<std::string> folder;
};

struct starter_file {
  const char* name;
  const char* content;
};

constexpr starter_file files[] = {
    {"pipeline.toml",
     R"(# A pipeline: one program and one worker class of main.cpp. All keys: lineshaft schema, docs/reference/pipeline-file.md
[pipeline]
name = "first"
stop_timeout = "10s"        # one budget for a stop of everything
# log_dir = "logs"          # what workers print goes there, a file each; without: to where the manager prints

[worker.ticker]
class = "ticker"            # main.cpp
options = { text = "tick", every_ms = 1000 }
# replicas = 2              # ticker-0, ticker-1
# restart = { delay = "500ms", max_delay = "30s", limit = "5 in 60s" }
# watchdog = "5s"           # a handler that keeps the event loop for longer is ended, with its stack written down

[worker.clock]
command = ["sh", "-c", "while :; do date; sleep 5; done"]
after = ["ticker"]          # started when ticker is ready, stopped before it
stop = ["SIGTERM 2s", "SIGKILL"]
)"},
    {"main.cpp", R"(// A worker class of your own, and the whole lineshaft command around it.
#include <lineshaft/lineshaft.hpp>

namespace asio = boost::asio;

struct ticker_options {
  std::string text = "tick";
  int every_ms = 1000;
};
BOOST_DESCRIBE_STRUCT(ticker_options, (), (text, every_ms))

class ticker : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "ticker";
  using options = ticker_options;
  ticker(options given, lineshaft::worker_context& context) : options_(std::move(given)), context_(context) {}

  asio::awaitable<void> start() override {
    asio::steady_timer timer(context_.executor());
    while (context_.running()) {
      context_.metrics().processed.add();
      std::cout << options_.text << std::endl;
      timer.expires_after(std::chrono::milliseconds(options_.every_ms));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

 private:
  options options_;
  lineshaft::worker_context& context_;
};

int main(int argc, char** argv) { return lineshaft::main(argc, argv, lineshaft::worker_classes<ticker>); }
)"},
    {"CMakeLists.txt", R"(cmake_minimum_required(VERSION 3.25)
project(first CXX)
find_package(lineshaft REQUIRED)
add_executable(first main.cpp)
target_link_libraries(first PRIVATE lineshaft::lineshaft)
)"},
};

int write_files(const invocation& with, const std::filesystem::path& folder) {
  // All or nothing: what is there is somebody's work.
  for (const auto& file : files) {
    std::error_code ec;
    const auto there = std::filesystem::symlink_status(folder / file.name, ec).type();
    if (there == std::filesystem::file_type::not_found) continue;
    if (there == std::filesystem::file_type::none) {
      complain(with, std::format("cannot look for '{}': {}", (folder / file.name).string(), ec.message()));
      return not_done;
    }
    complain(with, std::format("'{}' is there already; nothing was written", (folder / file.name).string()),
             with.program + " init FOLDER");
    return not_done;
  }
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) {
    complain(with, std::format("cannot make the folder '{}': {}", folder.string(), ec.message()));
    return not_done;
  }
  boost::json::array written;
  for (const auto& file : files) {
    std::ofstream out(folder / file.name);
    out << file.content;
    out.close();
    if (!out) {
      complain(with, std::format("cannot write '{}'", (folder / file.name).string()));
      return not_done;
    }
    written.push_back(boost::json::string((folder / file.name).string()));
  }
  if (with.common.json) {
    std::cout << boost::json::serialize(boost::json::object{{"files", std::move(written)}}) << '\n';
    return done;
  }
  for (const auto& one : written) std::cout << one.as_string().c_str() << '\n';
  std::cout
      << "\nNext:\n  cmake -S . -B build -DCMAKE_PREFIX_PATH=PREFIX && cmake --build build\n  build/first check\n  "
         "build/first run\nPREFIX is where Lineshaft was installed.\n";
  return done;
}

}  // namespace

verb init_verb() {
  auto kept = std::make_shared<choice>();
  return {
      "init",
      "Writes a first pipeline: a commented pipeline.toml, a worker class, and a CMakeLists.txt that builds it.",
      "Overwrites nothing.",
      "{\"files\": [PATH]}",
      {},
      {{"FOLDER", "Where; without: here.", 0, 1, &kept->folder, completes::files}},
      [kept](const invocation& with) { return write_files(with, kept->folder.empty() ? "." : kept->folder.front()); },
      kept};
}

}  // namespace lineshaft::cli
