// A program with a manager and its control server, for tests in other languages: control_program SOCKET TOKEN. Says its
// ports of TCP and of health, and leaves when its standard input ends.
#include <cstdio>

#include "children/classes.hpp"
#include "control/server.hpp"

using namespace children;

namespace {

/// Has one end of a queue that the manager holds.
class consumes : public child<> {
 public:
  static constexpr std::string_view class_name = "consumes";
  using child::child;
  asio::awaitable<void> start() override {
    auto opened = co_await context_.open_queue("numbers", lineshaft::queue_role::consumer);
    if (!opened) throw std::runtime_error(opened.error().message());
    held_ = std::move(*opened);
    context_.ready();
  }

 private:
  lineshaft::held_queue held_;
};

}  // namespace

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<consumes, counts>);
  if (argc != 3) return 2;
  lineshaft::process_manager manager(host);
  namespace control = lineshaft::control;
  lineshaft::pipeline_spec pipeline{.name = "tests"};
  pipeline.workers = {lineshaft::worker_of<counts>("listener"), lineshaft::worker_of<consumes>("processor"),
                      lineshaft::program_of("program", {"sh", "-c", "echo hello; exec sleep 1000"})};
  pipeline.workers[0].how.essential = true;
  pipeline.workers[1].replicas = 2;
  pipeline.workers[1].how.ready = lineshaft::ready_when::notify;
  pipeline.workers[1].how.after = {{"listener"}};
  pipeline.workers[2].how.output.to = lineshaft::output_to::memory;
  const auto server =
      control::server::listen(manager,
                              {.pipeline = "tests",
                               .socket = argv[1],
                               .tcp = "127.0.0.1:0",
                               .tokens = {{argv[2], lineshaft::role::admin}},
                               .health = "127.0.0.1:0",
                               .names = control::metric_names::predecessors_too},
                              {.load = [&] { return lineshaft::result<control::loaded_pipeline>({pipeline, {}}); }});
  if (!server) return 1;
  (*server)->open();
  if (!manager.start_pipeline(pipeline) || !manager.wait_ready("processor-1")) return 1;
  std::printf("%d %d\n", (*server)->tcp_port(), (*server)->health_port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  manager.stop_all();
}
