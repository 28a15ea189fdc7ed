#pragma once
// What the manager asks of the fork server, and what it answers, one packet each.
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lineshaft/worker_spec.hpp"
#include "sys/process_settings.hpp"

namespace lineshaft::channel {

/// The descriptor at which the fork server finds its end of the socket to the manager.
inline constexpr int fork_server_socket = 3;

/// All that the process of a worker class needs to become it.
struct worker_image {
  std::string class_name;
  std::string name;
  std::uint32_t generation = 0;
  std::string options;  ///< JSON
  worker_kind kind = worker_kind::service;
  ready_when ready = ready_when::start;
  std::chrono::milliseconds stop_timeout{};  ///< for a stop that it decides itself
  std::chrono::milliseconds watchdog{};      ///< how long one handler may keep the loop; 0: as long as it likes
  pid_t manager = 0;
  std::vector<std::string> environment;  ///< NAME=value, all of it
};

enum class launch_kind : std::uint8_t {
  clone,    ///< a worker class, in a copy of the fork server
  exec,     ///< a worker class, in this program executed again: it finds its image in its channel
  program,  ///< any program
  spare,    ///< nobody yet: a copy of the fork server that is told later (forkserver/spare.hpp)
  nothing,  ///< ever again: the manager has stopped everybody, and lives on
};

enum class output_kind : std::uint8_t {
  inherited,  ///< those of the fork server, which are the manager's
  discarded,
  captured,
};

/// Descriptors along with it, in this order: for worker classes and spares the worker's end of the channel and the
/// status block; for programs their listening sockets; for a control group its entry and what kills it; for captured
/// output the writing ends of standard output and standard error, then their reading ends. A spare is told by the same
/// request, with its output alone.
struct launch_request {
  std::uint64_t number = 0;
  launch_kind kind = launch_kind::clone;
  worker_image image;             ///< of a worker class; of a program its environment, name and manager
  std::vector<std::string> argv;  ///< of a program
  sys::process_settings settings;
  output_kind output = output_kind::inherited;
  std::optional<cgroup_options> cgroup;  ///< the fork server hears only whether: its limits hold already
  pid_t told = 0;  ///< along with the wish for a spare: one that has become a worker, whose output this is
};

/// Along with it the process's pidfd. With a problem and a pid there was a process, which could not
/// become the program: it has to be reaped.
struct launch_reply {
  std::uint64_t number = 0;
  pid_t pid = 0;
  int code = 0;  ///< errno of the problem
  std::string problem;
};

std::vector<std::byte> encode(const worker_image& image);
std::vector<std::byte> encode(const launch_request& request);
std::vector<std::byte> encode(const launch_reply& reply);
std::optional<worker_image> decode_worker_image(std::span<const std::byte> bytes);
std::optional<launch_request> decode_launch_request(std::span<const std::byte> bytes);
std::optional<launch_reply> decode_launch_reply(std::span<const std::byte> bytes);

}  // namespace lineshaft::channel
