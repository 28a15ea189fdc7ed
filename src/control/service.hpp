#pragma once
// What endpoints work with, and the way from a request to its answer. On the control server's thread alone.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "control/commands.hpp"
#include "control/health.hpp"
#include "control/history.hpp"
#include "control/line_history.hpp"
#include "control/message.hpp"
#include "control/metrics_text.hpp"
#include "control/parameters.hpp"
#include "control/route.hpp"
#include "lineshaft/process_manager.hpp"

namespace lineshaft::control {

/// What the files of a program say now.
struct loaded_pipeline {
  pipeline_spec pipeline;
  std::vector<std::string> later;  ///< what they say otherwise, and this program does not take over while it runs
};

/// What the program around the manager does itself.
struct program_hooks {
  /// Somebody has asked for the end, perhaps with a budget of its own: called when the stop of all workers has been
  /// asked for. The program leaves when all have gone, and destroys the server then, which gives the answer the time to
  /// be sent.
  std::function<void(std::optional<std::chrono::milliseconds> within)> stopping = [](auto) {};
  /// The pipeline as its files describe it now: what a reload makes the running one. On a thread that may wait.
  std::function<result<loaded_pipeline>()> load = [] {
    return result<loaded_pipeline>(fail("this program has no files"));
  };
};

inline constexpr std::size_t kept_events = 2048;

struct service {
  service_identity who;
  metric_names names;
  process_manager& manager;
  program_hooks hooks;
  std::weak_ptr<boost::asio::io_context> loop;
  control::commands commands{manager};
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  std::shared_ptr<history<event>> events = std::make_shared<history<event>>(kept_events);
  std::shared_ptr<line_history> lines = std::make_shared<line_history>(commands.output(), loop);
  std::map<std::string, std::string> metric_help;  ///< of declared metrics, by their names
  boost::asio::thread_pool patient{1};             ///< for what waits
  bool ending = false;                             ///< everything is being stopped
};

/// Matched, allowed and read.
struct call {
  const route* to;
  std::string name;
  parameters given;
  std::string last_event_id;  ///< from where a stream that was broken goes on
  std::string by = {};        ///< who asks
};

/// Or the answer to what is wrong with it. Pure.
std::expected<call, reply> understood(const request& asked, role may);

/// The answer to anything that came; `may` is what the peer is allowed to do.
boost::asio::awaitable<reply> answer(service& with, request asked, role may);

}  // namespace lineshaft::control
