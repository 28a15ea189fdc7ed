#include "lineshaft/host.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "forkserver/fork_server.hpp"
#include "forkserver/image_file.hpp"
#include "sys/descriptor.hpp"
#include "worker/process.hpp"

namespace lineshaft {
namespace {

[[noreturn]] void become_executed_worker(std::span<const worker_class> classes) {
  unique_fd channel(forkserver::worker_channel), status(forkserver::worker_status), file(forkserver::worker_image_file);
  // Programs that the worker starts have no use for them.
  sys::close_on_exec(channel.get());
  sys::close_on_exec(status.get());
  auto image = forkserver::read_image(file.get());
  file.reset();
  if (!image) {
    std::fprintf(stderr, "lineshaft: %s\n", image.error().message().c_str());
    std::exit(runtime::failed_exit_code);
  }
  runtime::begin_process(channel.get());
  runtime::become_worker(classes, *image, std::move(channel), std::move(status));
}

}  // namespace

host::host(int argc, char** argv, std::span<const worker_class> classes) : classes_(classes) {
  const std::string_view role = argc == 2 ? argv[1] : "";
  if (role == "--lineshaft-role=fork-server")
    forkserver::become_fork_server(classes, unique_fd(channel::fork_server_socket));
  if (role == "--lineshaft-role=worker") become_executed_worker(classes);
}

}  // namespace lineshaft
