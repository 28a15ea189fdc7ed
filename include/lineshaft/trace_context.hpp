#pragma once
// The trace context as text: what crosses a process boundary, or travels with a message.
// Reads and sets OpenTelemetry's current context through its API; the program may have an SDK or none.
#include <memory>
#include <string>

namespace lineshaft {

/// The W3C headers of one context; empty text = not there. What `current_trace_context()` gives is well-formed;
/// what comes from elsewhere is checked where it is used, and ignored where it is malformed.
struct trace_context {
  std::string traceparent, tracestate, baggage;

  bool empty() const { return traceparent.empty() && tracestate.empty() && baggage.empty(); }
  friend bool operator==(const trace_context&, const trace_context&) = default;
};

/// The current context of the calling thread. Without a valid span there is no traceparent and no tracestate.
/// A span of the no-op tracer counts as not there, so that what it hides still crosses. Costs some 20 ns
/// where there is no context, 100 with a traceparent alone.
trace_context current_trace_context();

/// Makes a context current on the calling thread until the end of the scope: exactly what is given, nothing
/// of what was current before; an empty one means that there is none. Costs some 300 ns with a traceparent
/// alone, and microseconds with a tracestate, which OpenTelemetry checks by regular expressions. To be ended on the
/// thread that made it, and before it suspends: OpenTelemetry keeps a stack for each thread, which knows nothing of
/// coroutines, so a scope held across `co_await` is seen by whatever runs meanwhile.
class context_scope {
 public:
  explicit context_scope(const trace_context& context);
  context_scope(const context_scope&) = delete;
  context_scope& operator=(const context_scope&) = delete;

 private:
  struct detach {
    void operator()(void* token) const noexcept;
  };
  std::unique_ptr<void, detach> token_;
};

}  // namespace lineshaft
