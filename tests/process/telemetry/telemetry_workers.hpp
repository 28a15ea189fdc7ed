#pragma once
// The workers of telemetry_program.cpp.
#include <opentelemetry/context/propagation/global_propagator.h>
#include <opentelemetry/context/runtime_context.h>
#include <opentelemetry/metrics/meter.h>
#include <opentelemetry/metrics/meter_provider.h>
#include <opentelemetry/metrics/provider.h>
#include <opentelemetry/metrics/sync_instruments.h>
#include <opentelemetry/trace/provider.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/log.hpp>
#include <lineshaft/queue.hpp>
#include <lineshaft/tracing.hpp>
#include <set>
#include <string>
#include <thread>

namespace asio = boost::asio;
namespace otel = opentelemetry;

namespace telemetry_test {

using namespace lineshaft;

// Each figure another one, and of each worker others.
inline void count_everything(worker_metrics& metrics, std::uint64_t from) {
  metrics.processed.add(from + 1);
  metrics.errors.add(from + 2);
  metrics.decoding_errors.add(from + 3);
  metrics.published.add(from + 4);
  metrics.processing_errors.add(from + 5);
  metrics.restarts.add(from + 6);
  metrics.mdq_connected.set(true);
  metrics.mdc_connected.set(true);
}

inline auto tracer() { return otel::trace::Provider::GetTracerProvider()->GetTracer("test"); }

// What only the threads of the SDK knew of looks lost to LeakSanitizer in a process in which they are not.
inline bool child_of_a_fork = false;

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
        child_of_a_fork = true;
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
    const auto span = tracer()->StartSpan("rich", {}, {{other->GetContext(), {{"x", 1}, {"y", 2}}}});
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
    const auto of_the_sdk = [](const std::string& line) {
      return std::ranges::any_of(std::array{"lineshaft-otlp", "libopentelemetry", "libcurl", "libgrpc", "libprotobuf"},
                                 [&](const char* name) { return line.contains(name); });
    };
    for (std::string line; std::getline(maps, line);) plugins |= of_the_sdk(line) ? 1 : 0;
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

// Prints the sockets that it has in common with the manager: when it stops, since at its start the manager may not have
// closed this worker's end of the channel yet.
class open_sockets : public worker {
 public:
  static constexpr std::string_view class_name = "open_sockets";
  using options = no_options;
  open_sockets(options, worker_context&) {}

  asio::awaitable<void> start() override { co_return; }
  asio::awaitable<void> stop() override {
    const auto theirs = sockets_of(std::to_string(::getppid()));
    for (const auto& own : sockets_of("self")) {
      if (theirs.contains(own)) std::cout << "common " << own << std::endl;
    }
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
};

// Executes a program while its own export goes on, which prints the descriptors and the ignored signals that it finds.
class executor : public worker {
 public:
  static constexpr std::string_view class_name = "executor";
  using options = no_options;
  executor(options, worker_context&) { tracer()->StartSpan("exported")->End(); }

  asio::awaitable<void> start() override { co_return; }
  asio::awaitable<void> stop() override {
    (void)std::system(
        "for each in /proc/self/fd/*; do echo fd ${each##*/} $(readlink $each); done; grep ^SigIgn /proc/self/status");
    co_return;
  }
};

class producer : public worker {
 public:
  static constexpr std::string_view class_name = "producer";
  using options = no_options;
  producer(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    count_everything(context_.metrics(), 100);
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
    count_everything(context_.metrics(), 200);
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
    count_everything(context_.metrics(), context_.generation() == 1 ? 300 : 400);
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

// Sends what nobody takes.
class hoarder : public worker {
 public:
  static constexpr std::string_view class_name = "hoarder";
  using options = no_options;
  hoarder(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    const auto queue = std::move(*co_await open_producer(context_, "local:hoard"));
    const message three[] = {{.body = "a"}, {.body = "b"}, {.body = "c"}};
    (void)co_await queue->send(three);
    context_.finish();
  }

 private:
  worker_context& context_;
};

// Counts, and lives until it is stopped.
class steady : public worker {
 public:
  static constexpr std::string_view class_name = "steady";
  using options = no_options;
  steady(options, worker_context& context) { count_everything(context.metrics(), 500); }

  asio::awaitable<void> start() override { co_return; }
};

// Prints which fields OpenTelemetry's global propagator hands the current context on in.
class injector : public worker {
 public:
  static constexpr std::string_view class_name = "injector";
  using options = no_options;
  injector(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    fields carrier;
    otel::context::propagation::GlobalTextMapPropagator::GetGlobalPropagator()->Inject(
        carrier, otel::context::RuntimeContext::GetCurrent());
    std::cout << carrier.names << std::endl;
    context_.finish();
    co_return;
  }

 private:
  struct fields : otel::context::propagation::TextMapCarrier {
    otel::nostd::string_view Get(otel::nostd::string_view) const noexcept override { return {}; }
    void Set(otel::nostd::string_view name, otel::nostd::string_view) noexcept override {
      names.append(" ").append(name.data(), name.size());
    }
    std::string names = "fields:";
  };

  worker_context& context_;
};

// Makes 400 traces.
class rooter : public worker {
 public:
  static constexpr std::string_view class_name = "rooter";
  using options = no_options;
  rooter(options, worker_context& context) : context_(context) {}

  asio::awaitable<void> start() override {
    for (int i = 0; i < 400; ++i) span("root", {.parent = trace_context()}).end();
    span("child").end();
    context_.finish();
    co_return;
  }

 private:
  worker_context& context_;
};

}  // namespace telemetry_test
