// Contexts of coroutines that interleave on one loop, against the real SDK.
#include <gmock/gmock.h>
#include <opentelemetry/exporters/memory/in_memory_span_exporter.h>
#include <opentelemetry/sdk/trace/simple_processor_factory.h>
#include <opentelemetry/sdk/trace/tracer_provider_factory.h>
#include <opentelemetry/trace/noop.h>
#include <opentelemetry/trace/provider.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <format>
#include <stdexcept>

#include "lineshaft/trace_context.hpp"
#include "lineshaft/tracing.hpp"

using namespace lineshaft;
namespace asio = boost::asio;
namespace otel = opentelemetry;
using testing::ElementsAre;

namespace {

std::string span_of(const trace_context& context) {
  return context.traceparent.empty() ? std::string() : context.traceparent.substr(36, 16);
}
std::string trace_of(const trace_context& context) {
  return context.traceparent.empty() ? std::string() : context.traceparent.substr(3, 32);
}

template <std::size_t N>
std::string hex(otel::nostd::span<const std::uint8_t, N> id) {
  std::string text;
  for (const auto byte : id) text += std::format("{:02x}", byte);
  return text;
}

// Lets everything else on the loop run first.
asio::awaitable<void> step_aside() { co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable); }

class with_span_test : public testing::Test {
 protected:
  with_span_test() {
    auto exporter = std::make_unique<otel::exporter::memory::InMemorySpanExporter>();
    spans_ = exporter->GetData();
    provider_ = otel::sdk::trace::TracerProviderFactory::Create(
        otel::sdk::trace::SimpleSpanProcessorFactory::Create(std::move(exporter)));
    otel::trace::Provider::SetTracerProvider(
        otel::nostd::shared_ptr<otel::trace::TracerProvider>(std::shared_ptr<otel::trace::TracerProvider>(provider_)));
  }
  ~with_span_test() override {
    otel::trace::Provider::SetTracerProvider(
        otel::nostd::shared_ptr<otel::trace::TracerProvider>(new otel::trace::NoopTracerProvider));
  }

  void run(asio::awaitable<void> work) {
    asio::co_spawn(loop_, std::move(work), [this](std::exception_ptr thrown) { thrown_ = thrown; });
    loop_.run();
  }

  asio::io_context loop_{1};
  std::shared_ptr<otel::exporter::memory::InMemorySpanData> spans_;
  std::shared_ptr<otel::sdk::trace::TracerProvider> provider_;
  std::exception_ptr thrown_;
};

}  // namespace

TEST_F(with_span_test, gives_the_coroutine_a_current_span_and_takes_it_away_again) {
  std::string inside, after_suspension, afterwards = "not run";
  run([](std::string& in, std::string& after, std::string& end) -> asio::awaitable<void> {
    const auto work = [](std::string& first, std::string& second) -> asio::awaitable<int> {
      first = span_of(current_trace_context());
      co_await step_aside();
      second = span_of(current_trace_context());
      co_return 7;
    };
    EXPECT_EQ(co_await with_span("work", work(in, after)), 7);
    end = span_of(current_trace_context());
  }(inside, after_suspension, afterwards));
  const auto spans = spans_->GetSpans();
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(inside, hex(spans[0]->GetSpanId().Id()));
  EXPECT_EQ(after_suspension, inside);
  EXPECT_EQ(afterwards, "");
}

TEST_F(with_span_test, leaves_nothing_current_behind_a_coroutine_without_a_value) {
  std::string afterwards = "not run", of_the_loop = "not run";
  run([](std::string& end, std::string& next) -> asio::awaitable<void> {
    co_await with_span("work", step_aside());
    end = span_of(current_trace_context());
    co_await step_aside();
    next = span_of(current_trace_context());
  }(afterwards, of_the_loop));
  EXPECT_EQ(afterwards, "");
  EXPECT_EQ(of_the_loop, "");
}

TEST_F(with_span_test, a_thousand_interleaved_coroutines_each_see_their_own_context) {
  int wrong = 0, looked = 0;
  const auto inner = [](int& bad, int& looks, std::string trace, std::string outer) -> asio::awaitable<void> {
    const auto mine = current_trace_context();
    for (int i = 0; i < 5; ++i) {
      co_await step_aside();
      const auto now = current_trace_context();
      ++looks;
      bad += now == mine && trace_of(now) == trace && span_of(now) != outer ? 0 : 1;
    }
  };
  const auto one = [&inner](int& bad, int& looks) -> asio::awaitable<void> {
    const auto mine = current_trace_context();
    for (int i = 0; i < 3; ++i) {
      asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(i));
      co_await timer.async_wait(asio::use_awaitable);
      co_await with_span("inner", inner(bad, looks, trace_of(mine), span_of(mine)));
      ++looks;
      bad += current_trace_context() == mine ? 0 : 1;
    }
  };
  for (int i = 0; i < 1000; ++i)
    asio::co_spawn(loop_, with_span("one " + std::to_string(i), one(wrong, looked)), asio::detached);
  loop_.run();
  EXPECT_EQ(looked, 1000 * 3 * 6);
  EXPECT_EQ(wrong, 0);
}

TEST_F(with_span_test, records_what_is_thrown_and_throws_it_on) {
  run([]() -> asio::awaitable<void> {
    co_await with_span("work", []() -> asio::awaitable<void> {
      throw std::runtime_error("no luck");
      co_return;
    }());
  }());
  ASSERT_TRUE(thrown_);
  EXPECT_THROW(std::rethrow_exception(thrown_), std::runtime_error);
  const auto spans = spans_->GetSpans();
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0]->GetStatus(), otel::trace::StatusCode::kError);
  EXPECT_EQ(spans[0]->GetDescription(), "no luck");
  EXPECT_EQ(otel::nostd::get<std::string>(spans[0]->GetAttributes().at("error.type")), "std::runtime_error");
}

TEST_F(with_span_test, what_a_span_has_thrown_is_caught_outside_of_it) {
  std::string outside = "not run", caught = "not run";
  run(with_span("outer", [](std::string& before, std::string& after) -> asio::awaitable<void> {
    before = span_of(current_trace_context());
    try {
      co_await with_span("inner", []() -> asio::awaitable<void> {
        co_await step_aside();
        throw std::runtime_error("no luck");
      }());
    } catch (const std::runtime_error&) {
      after = span_of(current_trace_context());
    }
  }(outside, caught)));
  EXPECT_EQ(caught, outside);
  EXPECT_FALSE(thrown_);
}

TEST_F(with_span_test, result_that_was_there_before_a_cancellation_is_not_lost_to_it) {
  int result = 0;
  asio::cancellation_signal cancel;
  const auto work = [](asio::cancellation_signal& while_it_runs) -> asio::awaitable<int> {
    co_await step_aside();
    while_it_runs.emit(asio::cancellation_type::all);
    co_return 7;
  };
  const auto caller = [&work](asio::cancellation_signal& signal, int& got) -> asio::awaitable<void> {
    got = co_await with_span("work", work(signal));
    co_await with_span("also", [](int& more) -> asio::awaitable<void> {
      ++more;
      co_return;
    }(got));
  };
  asio::co_spawn(loop_, caller(cancel, result),
                 asio::bind_cancellation_slot(cancel.slot(), [this](std::exception_ptr thrown) { thrown_ = thrown; }));
  loop_.run();
  EXPECT_EQ(result, 7);
  ASSERT_TRUE(thrown_);
  EXPECT_THROW(std::rethrow_exception(thrown_), boost::system::system_error);
  const auto spans = spans_->GetSpans();
  ASSERT_GE(spans.size(), 1U);
  EXPECT_EQ(spans[0]->GetStatus(), otel::trace::StatusCode::kUnset);
}

TEST_F(with_span_test, to_be_cancelled_is_no_failure) {
  asio::cancellation_signal cancel;
  const auto endless = [](asio::cancellation_signal& signal) -> asio::awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    asio::post(timer.get_executor(), [&signal] { signal.emit(asio::cancellation_type::all); });
    co_await timer.async_wait(asio::use_awaitable);
  };
  asio::co_spawn(loop_, with_span("work", endless(cancel)),
                 asio::bind_cancellation_slot(cancel.slot(), [this](std::exception_ptr thrown) { thrown_ = thrown; }));
  loop_.run();
  ASSERT_TRUE(thrown_);
  EXPECT_THROW(std::rethrow_exception(thrown_), boost::system::system_error);
  const auto spans = spans_->GetSpans();
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0]->GetStatus(), otel::trace::StatusCode::kUnset);
}

TEST_F(with_span_test, span_of_a_message_is_linked_to_its_sender_and_its_child_where_that_is_wanted) {
  const trace_context sender{.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"};
  {
    const span linked("process q", process_span_options(sender, "q"));
  }
  {
    const span child("process q", process_span_options(sender, "q", message_relation::parent));
  }
  {
    const span alone("process q", process_span_options({}, "q"));
  }
  const auto spans = spans_->GetSpans();
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0]->GetLinks().size(), 1U);
  EXPECT_NE(hex(spans[0]->GetTraceId().Id()), trace_of(sender));
  EXPECT_EQ(hex(spans[1]->GetTraceId().Id()), trace_of(sender));
  EXPECT_EQ(hex(spans[1]->GetParentSpanId().Id()), span_of(sender));
  EXPECT_EQ(spans[1]->GetLinks().size(), 1U);
  EXPECT_EQ(spans[2]->GetLinks().size(), 0U);
  EXPECT_EQ(spans[2]->GetSpanKind(), otel::trace::SpanKind::kConsumer);
}

TEST_F(with_span_test, span_with_an_empty_parent_begins_a_trace_of_its_own_and_its_children_are_in_it) {
  const span outer("outer");
  const detail::opaque_scope current(outer.opentelemetry_context());
  {
    const span root("root", {.parent = trace_context()});
    const detail::opaque_scope inside(root.opentelemetry_context());
    const span child("child");
    EXPECT_EQ(trace_of(child.context()), trace_of(root.context()));
    EXPECT_NE(trace_of(root.context()), trace_of(outer.context()));
  }
  const auto spans = spans_->GetSpans();
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(hex(spans[0]->GetParentSpanId().Id()), hex(spans[1]->GetSpanId().Id()));
  EXPECT_FALSE(spans[1]->GetParentSpanId().IsValid());
}
