#include "worker/process.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "channel/packet.hpp"
#include "channel/tree_mark.hpp"
#include "lineshaft/trace_context.hpp"
#include "status/block_memory.hpp"
#include "sys/fault.hpp"
#include "sys/process.hpp"
#include "sys/relations.hpp"
#include "sys/wait.hpp"
#include "telemetry/environment.hpp"
#include "telemetry/exporting.hpp"
#include "telemetry/process_log.hpp"
#include "worker/exception_text.hpp"
#include "worker/grace.hpp"
#include "worker/life.hpp"

namespace lineshaft::runtime {
namespace {

int channel_for_last_words = -1;

void say(int channel, const channel::worker_message& message) {
  (void)channel::send_packet(channel, channel::encode(message));
}

// The text reaches the manager before the signal does; nobody is left to hear an error.
[[noreturn]] void report_and_abort() {
  const auto thrown = std::current_exception();
  say(channel_for_last_words,
      channel::failed{"std::terminate" + (thrown ? ": " + exception_text(thrown) : std::string())});
  std::abort();
}

void take_environment(const std::vector<std::string>& environment) {
  // What a clone of the fork server, or a fork of that, began with is the fork server's: the manager finds the
  // processes of a tree by this one variable in it.
  for (const auto& entry : environment)
    if (entry.starts_with(channel::tree_variable)) sys::overwrite_beginning(entry);
  ::clearenv();
  // putenv(3) keeps the text itself: the image lives as long as the process.
  for (const auto& entry : environment) ::putenv(const_cast<char*>(entry.c_str()));
}

[[noreturn]] void leave(int code) {
  std::fflush(nullptr);
  ::_exit(code);
}

// Who would end what this worker has started is gone, and so may be the fork server.
[[noreturn]] void leave_with_group(int code) {
  std::fflush(nullptr);
  sys::kill_group(::getpid(), SIGKILL);
  leave(code);
}

// Whatever the worker has left of the time that its stop may take.
void finish_telemetry(std::chrono::steady_clock::time_point leave_until) {
  const auto now = std::chrono::steady_clock::now();
  // What is lost stands in the status block.
  (void)telemetry::finish_exporting(now + time_for_telemetry(leave_until - now));
}

[[noreturn]] void leave_failed(int channel, std::string why) {
  say(channel, channel::failed{std::move(why)});
  leave(failed_exit_code);
}

}  // namespace

void begin_process(int channel) {
  say(channel, channel::hello{::getpid()});
  sys::ignore_signal(SIGPIPE);
  // In a pipe stdio would keep lines until it has thousands of bytes, and a crash would take them along.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  channel_for_last_words = channel;
  std::set_terminate(report_and_abort);
}

lived live(const worker_class& made_of, const channel::worker_image& image, unique_fd channel,
           status::block_writer& block) {
  context_state state(image, block);
  const int code = life(made_of, state, std::move(channel)).run();
  return {code, state.leave_until};
}

void become_worker(std::span<const worker_class> classes, const channel::worker_image& image, unique_fd channel,
                   unique_fd status_block) {
  take_environment(image.environment);
  if (const char* faults = std::getenv("LINESHAFT_FAULTS")) sys::arm_faults(faults);
  sys::reached("worker.begin");
  sys::set_name(image.name);
  if (!sys::die_after_parent(image.manager, orphan_grace)) leave(failed_exit_code);

  const auto found = std::ranges::find(classes, image.class_name, &worker_class::name);
  if (found == classes.end())
    leave_failed(channel.get(), "this program has no worker class '" + image.class_name + "'");
  auto memory = status::map_for_worker(status_block.get());
  if (!memory) leave_failed(channel.get(), memory.error().message());
  status_block.reset();

  telemetry::name_log(image.name);
  status::block_writer block(memory->bytes());
  // The base of everything that runs on the loop, unless something else is attached (ADR 23).
  const context_scope started_under(telemetry::from_environment(environ));
  telemetry::start_exporting(environ, telemetry::bad_values::told_elsewhere, telemetry::log_about_telemetry,
                             block.telemetry());
  const auto [code, leave_until] = live(*found, image, std::move(channel), block);
  finish_telemetry(leave_until);
  ::getppid() == image.manager ? leave(code) : leave_with_group(code);
}

}  // namespace lineshaft::runtime
