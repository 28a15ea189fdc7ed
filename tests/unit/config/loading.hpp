#pragma once
// Pipeline files in short, for tests.
#include <boost/describe/class.hpp>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "lineshaft/worker.hpp"

namespace loading {

struct echo_options {
  std::string text = "tick";
  int every_ms = 1000;
};
BOOST_DESCRIBE_STRUCT(echo_options, (), (text, every_ms))

class echo : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "echo";
  using options = echo_options;
  echo(options, lineshaft::worker_context&) {}
  boost::asio::awaitable<void> start() override { co_return; }
};

inline auto load(std::vector<std::string> files, std::vector<std::string> profiles = {}) {
  std::vector<lineshaft::config::source> sources;
  for (auto& text : files)
    sources.push_back({std::string(1, static_cast<char>('a' + sources.size())) + ".toml", std::move(text)});
  return lineshaft::config::load(sources, {std::move(profiles), lineshaft::worker_classes<echo>,
                                           [](std::string_view name) -> std::optional<std::string> {
                                             if (name == "HOME") return "/somewhere";
                                             if (name == "EMPTY") return "";
                                             return std::nullopt;
                                           }});
}

/// What is said of files that do not fit, a line each.
inline std::string faults_of(std::vector<std::string> files, std::vector<std::string> profiles = {}) {
  const auto loaded = load(std::move(files), std::move(profiles));
  if (loaded) return {};
  std::string text;
  for (const auto& one : loaded.error()) text += lineshaft::config::to_text(one) + "\n";
  return text;
}

}  // namespace loading
