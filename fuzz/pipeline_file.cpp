// Pipeline files: read, merged and checked against worker classes; one pipeline, or faults with their places. Files are
// parted by a form feed, which no TOML has; a first line "#! a b" asks for the profiles a and b.
#include <boost/describe/class.hpp>
#include <ranges>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "input.hpp"
#include "lineshaft/worker.hpp"

using namespace lineshaft;

namespace {

struct echo_options {
  std::string text = "tick";
  int every_ms = 1000;
};
BOOST_DESCRIBE_STRUCT(echo_options, (), (text, every_ms))

/// One of each kind of option.
struct processor_options {
  required<std::string> queue;
  bool strict = false;
  std::uint16_t port = 0;
  double factor = 1;
  std::vector<std::string> symbols;
  std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(processor_options, (), (queue, strict, port, factor, symbols, limit))

template <class Options>
struct class_with : worker {
  using options = Options;
  class_with(options, worker_context&) {}
  boost::asio::awaitable<void> start() override { co_return; }
};
struct echo : class_with<echo_options> {
  static constexpr std::string_view class_name = "echo";
  using class_with::class_with;
};
struct processor : class_with<processor_options> {
  static constexpr std::string_view class_name = "market_data_processor";
  using class_with::class_with;
};

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (const auto word : std::views::split(line, ' ')) {
    if (!word.empty()) words.emplace_back(std::string_view(word));
  }
  return words;
}

std::optional<std::string> variable(std::string_view name) {
  return name == "HOME" ? std::optional<std::string>("/h") : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto all = fuzz::text(data, size);
  const auto line = fuzz::first_line(all).first;
  std::vector<config::source> files;
  for (const auto text : std::views::split(all, '\f'))
    files.push_back({std::to_string(files.size()) + ".toml", std::string(std::string_view(text))});
  const auto loaded =
      config::load(files, {line.starts_with("#!") ? words_of(line.substr(2)) : std::vector<std::string>(),
                           worker_classes<echo, processor>, variable});
  if (loaded) {
    fuzz::must(!loaded->pipeline.workers.empty());
    return 0;
  }
  fuzz::must(!loaded.error().empty());
  for (const auto& one : loaded.error()) {
    fuzz::must(!config::to_text(one).empty());
    (void)config::to_json(one);
  }
  return 0;
}
