// A small pipeline in which nothing is started too early: a task prepares, a source waits for it to be done, two
// processors wait for the source to be ready, and everything is stopped in the reverse order.
#include <format>
#include <lineshaft/lineshaft.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct no_options {};
BOOST_DESCRIBE_STRUCT(no_options, (), ())

class stage : public lineshaft::worker {
 public:
  using options = no_options;
  stage(options, lineshaft::worker_context& context) : context_(context) {}
  asio::awaitable<void> start() override { co_return; }

 protected:
  lineshaft::worker_context& context_;
};

class prepare : public stage {
 public:
  static constexpr std::string_view class_name = "prepare";
  using stage::stage;
};

class source : public stage {
 public:
  static constexpr std::string_view class_name = "source";
  using stage::stage;
  asio::awaitable<void> start() override {
    asio::steady_timer connecting(context_.executor(), 200ms);
    co_await connecting.async_wait(asio::use_awaitable);
    context_.ready();  // only now are the processors launched
  }
};

class processor : public stage {
 public:
  static constexpr std::string_view class_name = "processor";
  using stage::stage;
};

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<prepare, source, processor>);
  lineshaft::process_manager manager(host);
  const auto told = manager.subscribe([](const lineshaft::event& what) {
    if (what.kind == lineshaft::event_kind::ready || what.kind == lineshaft::event_kind::exited) {
      // In one piece: main() prints, too.
      std::cout << std::format("{}: {} {}\n", what.worker, to_string(what.kind), what.cause) << std::flush;
    }
  });

  using lineshaft::start_condition;
  auto processors = lineshaft::worker_of<processor>("processor", {}, {.after = {{"source", start_condition::ready}}});
  processors.replicas = 2;
  const auto started = manager.start_pipeline({
      .workers = {lineshaft::worker_of<prepare>("prepare", {}, {.kind = lineshaft::worker_kind::task}),
                  lineshaft::worker_of<source>(
                      "source", {},
                      {.ready = lineshaft::ready_when::notify, .after = {{"prepare", start_condition::completed}}}),
                  processors},
  });
  if (!started) {
    std::cerr << started.error().message() << '\n';
    return 1;
  }
  for (const auto* name : {"processor-0", "processor-1"}) {
    if (!manager.wait_ready(name)) return 1;
  }
  std::cout << std::format("all ready; a stop takes at most {}\n", manager.plan_stop().total) << std::flush;
  manager.stop_all(5s);
}
