// A pipeline that the tests of telemetry look at from outside: what it has to do comes as options, what became of it
// goes to standard output as JSON.
#include <opentelemetry/metrics/meter.h>
#include <opentelemetry/metrics/meter_provider.h>
#include <opentelemetry/metrics/provider.h>
#include <opentelemetry/metrics/sync_instruments.h>
#include <opentelemetry/trace/provider.h>
#include <sys/wait.h>
#include <unistd.h>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/log.hpp>
#include <lineshaft/queue.hpp>
#include <lineshaft/tracing.hpp>

#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <set>
#include <string_view>

namespace asio = boost::asio;
namespace otel = opentelemetry;
using namespace std::chrono_literals;
using namespace lineshaft;

namespace {

auto tracer() { return otel::trace::Provider::GetTracerProvider()->GetTracer("test"); }

struct maker_options {
  int spans = 1;
  bool fork = false;
  bool linger = false;
};
BOOST_DESCRIBE_STRUCT(maker_options, (), (spans, fork, linger))

// Makes spans; may fork a child that makes one, too, and leaves by returning from main, as it were.
class maker : public worker {
 public:
  static constexpr std::string_view class_name = "maker";
  using options = maker_options;
  maker(options wanted, worker_context& context) : options_(wanted), context_(context) {
    tracer()->StartSpan("constructor")->End();
  }

  asio::awaitable<void> start() override {
    for (int i = 0; i < options_.spans; ++i) {
      tracer()->StartSpan("work")->End();
      context_.metrics().processed.add();
    }
    context_.metrics().add_counter("bytes_read").add(7);
    context_.metrics().add_gauge("fill").set(0.5);
    if (options_.fork) {
      const auto child = ::fork();
      if (child == 0) {
        const auto span = tracer()->StartSpan("child");
        const bool recording = span->IsRecording();
        span->End();
        std::exit(recording ? 1 : 0);
      }
      int status = 0;
      ::waitpid(child, &status, 0);
      context_.metrics().add_counter("forked").add(status == 0 ? 1 : 0);
    }
    context_.ready();
    if (!options_.linger) context_.finish();
    co_return;
  }

  asio::awaitable<void> stop() override {
    tracer()->StartSpan("stop")->End();
    co_return;
  }

 private:
  options options_;
  worker_context& context_;
};

struct no_options {};
BOOST_DESCRIBE_STRUCT(no_options, (), ())

// One span with more of everything than the limits of the test allow.
class rich : public worker {
 public:
  static constexpr std::string_view class_name = "rich";
  using options = no_options;
  rich(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    const auto other = tracer()->StartSpan("other");
    other->End();
    const auto span = tracer()->StartSpan("rich", {}, {{other->GetContext(), {}}});
    span->SetAttribute("a", "ä€𝄞xyz");
    span->SetAttribute("b", "abcdef");
    span->SetAttribute("c", 3);
    span->AddEvent("one", {{"x", 1}, {"y", 2}});
    span->AddEvent("two");
    span->End();
    context_.finish();
    co_return;
  }

 private:
  worker_context& context_;
};

// Says what telemetry costs its process.
class look : public worker {
 public:
  static constexpr std::string_view class_name = "look";
  using options = no_options;
  look(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    std::uint64_t plugins = 0;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) plugins |= line.contains("lineshaft-otlp") ? 1 : 0;
    context_.metrics().add_counter("plugins").add(plugins);
    context_.metrics().add_counter("threads").add(threads().size());
    tracer()->StartSpan("seen")->End();
    log::info("seen");
    const auto then = threads();
    context_.metrics().add_counter("threads_when_it_records").add(then.size());
    context_.metrics()
        .add_counter("threads_that_take_signals")
        .add(static_cast<std::uint64_t>(std::ranges::count_if(then, takes_signals)));
    context_.finish();
    co_return;
  }

 private:
  static std::vector<std::filesystem::path> threads() {
    std::vector<std::filesystem::path> all;
    for (const auto& one : std::filesystem::directory_iterator("/proc/self/task")) all.push_back(one.path());
    return all;
  }
  static bool takes_signals(const std::filesystem::path& thread) {
    std::ifstream status(thread / "status");
    std::uint64_t blocked = 0;
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("SigBlk:")) blocked = std::stoull(line.substr(7), nullptr, 16);
    const auto blocks = [blocked](int signal) { return (blocked >> (signal - 1) & 1) != 0; };
    return !blocks(SIGTERM) || !blocks(SIGINT) || !blocks(SIGCHLD) || !blocks(SIGUSR1);
  }

  worker_context& context_;
};

// Prints the sockets that it has in common with the manager.
class open_sockets : public worker {
 public:
  static constexpr std::string_view class_name = "open_sockets";
  using options = no_options;
  open_sockets(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    const auto theirs = sockets_of(std::to_string(::getppid()));
    for (const auto& own : sockets_of("self")) {
      if (theirs.contains(own)) std::cout << "common " << own << std::endl;
    }
    context_.finish();
    co_return;
  }

 private:
  static std::set<std::string> sockets_of(const std::string& process) {
    std::set<std::string> sockets;
    std::error_code ignored;
    for (const auto& one : std::filesystem::directory_iterator("/proc/" + process + "/fd")) {
      const auto what = std::filesystem::read_symlink(one.path(), ignored).string();
      if (what.starts_with("socket:")) sockets.insert(what);
    }
    return sockets;
  }

  worker_context& context_;
};

// Executes a program while its own export goes on, which prints the descriptors that it finds.
class executor : public worker {
 public:
  static constexpr std::string_view class_name = "executor";
  using options = no_options;
  executor(options, worker_context&) { tracer()->StartSpan("exported")->End(); }

  asio::awaitable<void> start() override { co_return; }
  asio::awaitable<void> stop() override {
    (void)std::system("for each in /proc/self/fd/*; do echo fd ${each##*/} $(readlink $each); done");
    co_return;
  }
};

class producer : public worker {
 public:
  static constexpr std::string_view class_name = "producer";
  using options = no_options;
  producer(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    co_await with_span("make", make());
    context_.finish();
  }

 private:
  asio::awaitable<void> make() {
    queue_ = std::move(*co_await open_producer(context_, "local:trades"));
    co_await with_span("send trades", send(), {.kind = span_kind::producer});
  }
  // The current context goes with the message.
  asio::awaitable<void> send() {
    const message one[] = {{.body = "a trade"}};
    (void)co_await queue_->send(one);
  }

  worker_context& context_;
  std::unique_ptr<queue_producer> queue_;
};

class consumer : public worker {
 public:
  static constexpr std::string_view class_name = "consumer";
  using options = no_options;
  consumer(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    const auto queue = std::move(*co_await open_consumer(context_, "local:trades"));
    const auto batch = co_await queue->receive();
    for (const auto& one : *batch) {
      co_await with_span("process trades", process(),
                         process_span_options(one.context(), "trades", message_relation::parent));
    }
    context_.finish();
  }

 private:
  asio::awaitable<void> process() {
    context_.metrics().processed.add();
    co_return;
  }

  worker_context& context_;
};

class crasher : public worker {
 public:
  static constexpr std::string_view class_name = "crasher";
  using options = no_options;
  crasher(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    log::warn("generation {}", context_.generation());
    context_.metrics().add_counter("rounds").add(context_.generation() == 1 ? 2 : 1);
    if (context_.generation() == 1) throw std::runtime_error("on purpose");
    context_.finish();
    co_return;
  }

 private:
  worker_context& context_;
};

// Logs, under a span and not, at each level.
class talker : public worker {
 public:
  static constexpr std::string_view class_name = "talker";
  using options = no_options;
  talker(options, worker_context& context) : context_(context) { log::info("made {}", context_.generation()); }

  asio::awaitable<void> start() override {
    co_await with_span("inner", inside());
    const auto meter = otel::metrics::Provider::GetMeterProvider()->GetMeter("test");
    const auto lines = meter->CreateUInt64Counter("talker.lines");
    lines->Add(3);
    log::warn("{}", "careful\n\"quoted\" \xff");
    log::error("wrong");
    std::thread([] { log::info("on a thread"); }).join();
    context_.finish();
  }

 private:
  asio::awaitable<void> inside() {
    log::debug("all of it");
    co_await asio::post(context_.executor(), asio::use_awaitable);
    log::info("inside {}", 7);
  }

  worker_context& context_;
};

// A thousand coroutines, each in a span of its own, that take turns.
class chorus : public worker {
 public:
  static constexpr std::string_view class_name = "chorus";
  using options = no_options;
  chorus(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    for (int i = 0; i < 1000; ++i) {
      auto name = std::format("voice {}", i);
      asio::co_spawn(context_.executor(), with_span(name, sing(name)), [this](std::exception_ptr) {
        if (++silent_ == 1000) context_.finish();
      });
    }
    co_return;
  }

 private:
  asio::awaitable<void> sing(std::string name) {
    for (int i = 0; i < 3; ++i) co_await asio::post(context_.executor(), asio::use_awaitable);
    log::info("{}", name);
  }

  worker_context& context_;
  int silent_ = 0;
};

// Does not hear a request to stop.
class deaf : public worker {
 public:
  static constexpr std::string_view class_name = "deaf";
  using options = no_options;
  deaf(options, worker_context&) {}

  asio::awaitable<void> start() override {
    for (;;) ::pause();
    co_return;
  }
};

boost::json::object outcome(process_manager& manager, std::string_view name) {
  const auto records = manager.exit_records(name);
  return {{"status", to_json(manager.get_status(name))},
          {"exit", records.empty() ? boost::json::value(nullptr) : to_json(records.back())}};
}

template <class W>
int run_one(process_manager& manager) {
  if (!manager.start_worker<W>(std::string(W::class_name))) return 1;
  manager.wait_end(60s);
  std::cout << boost::json::serialize(outcome(manager, W::class_name)) << std::endl;
  return 0;
}

// One that finishes, one that crashes first, two with a queue between them. At the end all that is known of them.
int run_fleet(process_manager& manager) {
  const auto started = manager.start_worker<maker>("maker", {.spans = 3}) && manager.start_worker<crasher>("crasher") &&
                       manager.start_worker<consumer>("consumer") && manager.start_worker<producer>("producer");
  if (!started) return 1;
  manager.wait_end(60s);
  boost::json::array workers, exits, queues;
  for (const auto& status : manager.get_all_status()) {
    workers.push_back(to_json(status));
    for (const auto& record : manager.exit_records(status.name)) {
      auto exit = to_json(record);
      exit["worker"] = status.name;
      exits.push_back(std::move(exit));
    }
  }
  for (const auto& queue : manager.get_queues()) queues.push_back({{"name", queue.name}, {"depth", queue.depth}});
  std::cout << boost::json::serialize(boost::json::object{{"workers", workers}, {"exits", exits}, {"queues", queues}})
            << std::endl;
  return 0;
}

// The next one is started by a process with an SDK in the middle of an export.
void kill_fork_server() {
  for (const auto& one : std::filesystem::directory_iterator("/proc")) {
    std::ifstream status(one.path() / "status");
    std::string text(std::istreambuf_iterator<char>(status), {});
    if (!text.starts_with("Name:\tlineshaft-forks\n") || !text.contains(std::format("\nPPid:\t{}\n", ::getpid())))
      continue;
    ::kill(std::stoi(one.path().filename().string()), SIGKILL);
  }
}

// Children of a manager that is in the middle of an export.
int run_children(process_manager& manager, std::string_view how) {
  struct sigaction before{}, after{};
  ::sigaction(SIGPIPE, nullptr, &before);
  if (!manager.start_worker<look>("look")) return 1;
  std::string line;
  std::getline(std::cin, line);  // until the collector has a connection
  if (how == "respawn") kill_fork_server();
  const char* facts = "for each in /proc/self/fd/*; do echo fd ${each##*/}; done; grep ^SigIgn /proc/self/status";
  // A request that a dying fork server has is answered with its death.
  while (!manager.start_command("program", {"sh", "-c", facts})) continue;
  if (!manager.start_worker<open_sockets>("open_sockets")) return 1;
  manager.wait_end(60s);
  ::sigaction(SIGPIPE, nullptr, &after);
  std::cout << "SIGPIPE " << (before.sa_handler == after.sa_handler ? "as it was" : "changed") << std::endl;
  return 0;
}

// Two that cannot be started, one of them for its environment.
int run_failing(process_manager& manager) {
  start_options too_much{.restart = {.mode = restart_mode::never}};
  for (int i = 0; i < 40; ++i) too_much.env[std::format("BIG_{}", i)] = std::string(100'000, 'x');
  for (const auto& started : {manager.start_command("missing", {"/no/such/program"}, {.restart = too_much.restart}),
                              manager.start_command("huge", {"true"}, too_much)})
    std::cout << (started ? "started" : started.error().message()) << std::endl;
  return 0;
}

// A subscriber that takes nothing until everything has happened. Prints how many events it missed.
int run_slow_subscriber(process_manager& manager) {
  std::promise<void> over;
  std::uint64_t missed = 0;
  {
    const auto subscription = manager.subscribe(
        [&, released = over.get_future().share()](const event& one) {
          released.wait();
          if (one.kind == event_kind::dropped) missed += std::stoull(one.cause);
        },
        1);
    if (!manager.start_worker<crasher>("crasher")) return 1;
    manager.wait_end(60s);
    over.set_value();
  }
  std::cout << boost::json::serialize(boost::json::object{{"missed", missed}}) << std::endl;
  return 0;
}

// It alone has telemetry: the one connection of the collector is its own.
int run_executor(process_manager& manager) {
  start_options how;
  for (const char* name : {"ENDPOINT", "PROTOCOL"}) {
    if (const char* value = std::getenv((std::string("EXECUTOR_") + name).c_str()))
      how.env[std::string("OTEL_EXPORTER_OTLP_") + name] = value;
  }
  how.env["OTEL_BSP_SCHEDULE_DELAY"] = "1";
  how.env["LINESHAFT_OTEL_SHUTDOWN_TIMEOUT"] = "100";
  if (!manager.start_worker<executor>("executor", {}, how)) return 1;
  std::string line;
  std::getline(std::cin, line);  // until the collector has a connection
  manager.stop_process("executor");
  return 0;
}

int stop_deaf(process_manager& manager) {
  if (!manager.start_worker<deaf>("deaf") || !manager.wait_ready("deaf", 30s)) return 1;
  manager.stop_process("deaf", 100ms);
  return 0;
}

int relay(process_manager& manager) {
  {
    const char* caller_of_this = std::getenv("TRACEPARENT");
    const context_scope under({.traceparent = caller_of_this == nullptr ? "" : caller_of_this});
    // The manager's SDK begins with its first worker, and the caller's span needs one.
    if (!manager.start_worker<look>("look")) return 1;
    const span caller("caller");
    const detail::opaque_scope current(caller.opentelemetry_context());
    if (!manager.start_worker<consumer>("consumer") || !manager.start_worker<producer>("producer")) return 1;
    if (!manager.start_command("program", {"sh", "-c", "env | grep ^TRACEPARENT="})) return 1;
    manager.wait_end(60s);
  }
  return 0;
}

int make_spans(process_manager& manager, int argc, char** argv) {
  maker_options wanted{.spans = std::atoi(argv[2])};
  std::chrono::milliseconds stop_timeout = 10s;
  for (int i = 3; i < argc; ++i) {
    wanted.fork |= std::string_view(argv[i]) == "fork";
    wanted.linger |= std::string_view(argv[i]) == "linger";
    if (const auto time = std::atoi(argv[i]); time > 0) stop_timeout = std::chrono::milliseconds(time);
  }
  const auto ready = wanted.linger ? ready_when::notify : ready_when::start;
  if (auto started = manager.start_worker<maker>(
          "maker", wanted, {.restart = {.mode = restart_mode::never}, .stop_timeout = stop_timeout, .ready = ready});
      !started) {
    std::cerr << started.error().message() << '\n';
    return 1;
  }
  if (wanted.linger) {
    (void)manager.wait_ready("maker", 30s);
    std::string line;
    std::getline(std::cin, line);  // until it is told to go on
    if (line == "kill" || line == "terminate")
      ::kill(*manager.get_status("maker").pid, line == "kill" ? SIGKILL : SIGTERM);
    else
      manager.stop_process("maker", stop_timeout);
  }
  manager.wait_end(60s);
  std::cout << boost::json::serialize(outcome(manager, "maker")) << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  host host(
      argc, argv,
      worker_classes<maker, rich, look, producer, consumer, crasher, talker, chorus, deaf, open_sockets, executor>);
  process_manager manager(host);
  const std::string_view what = argc > 2 ? argv[1] : "";
  if (what == "spans") return make_spans(manager, argc, argv);
  if (what == "attributes") return run_one<rich>(manager);
  if (what == "relay") return relay(manager);
  if (what == "crash") return run_one<crasher>(manager);
  if (what == "look") return run_one<look>(manager);
  if (what == "talk") return run_one<talker>(manager);
  if (what == "chorus") return run_one<chorus>(manager);
  if (what == "children") return run_children(manager, argv[2]);
  if (what == "fleet") return run_fleet(manager);
  if (what == "failing") return run_failing(manager);
  if (what == "slow") return run_slow_subscriber(manager);
  if (what == "execute") return run_executor(manager);
  if (what == "deaf") return stop_deaf(manager);
  return 2;
}
