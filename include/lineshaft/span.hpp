#pragma once
// A span of OpenTelemetry, by its API: the program may have an SDK or none. Costs some 100 ns where nothing is
// exported, and the context passes through all the same.
#include <concepts>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lineshaft/trace_context.hpp"

namespace lineshaft {

/// What a span is for, in OpenTelemetry's words.
enum class span_kind { internal, server, client, producer, consumer };

/// OpenTelemetry keeps the type: a number can be counted and compared.
using attribute_value = std::variant<std::string, std::int64_t, double, bool>;
using attribute_map = std::map<std::string, attribute_value>;

struct span_options {
  span_kind kind = span_kind::internal;
  std::optional<trace_context> parent;  ///< without: the current context; an empty one: a trace of its own
  std::vector<trace_context> links;     ///< what else it comes from; what has no valid span is left out
  attribute_map attributes;
};

/// A span of the global tracer that has begun. It ends with this, or before.
class span {
 public:
  explicit span(std::string_view name, const span_options& options = {});
  ~span();
  span(span&&) noexcept;
  span& operator=(span&&) = delete;

  void set_attribute(std::string_view key, const attribute_value& value);
  template <std::convertible_to<std::string_view> Text>
  void set_attribute(std::string_view key, const Text& value) {
    set_attribute(key, attribute_value(std::string(std::string_view(value))));
  }
  /// Something that happened now.
  void add_event(std::string_view name, const attribute_map& attributes = {});
  /// It has failed: `type` is what errors are counted by, "timeout" or "SIGSEGV".
  void fail(std::string_view type, std::string_view text);
  void fail(const std::exception_ptr& thrown);
  void end();

  /// To be carried elsewhere.
  trace_context context() const;
  /// The context in which it was made, with it on top.
  const std::shared_ptr<const void>& opentelemetry_context() const { return context_; }

 private:
  std::shared_ptr<void> span_;
  std::shared_ptr<const void> context_;
};

/// How the span of a message's handling belongs to the sender's.
enum class message_relation {
  link,    ///< a trace of its own (or the current one), linked to the sender's: the convention for messages
  parent,  ///< the sender's trace goes on
};

/// For the handling of one message: "process QUEUE", of kind consumer, with what OpenTelemetry's conventions ask for.
/// Its time is measured as `messaging.process.duration` as well, whether or not the span is sampled.
span_options process_span_options(trace_context sender, std::string_view queue,
                                  message_relation relation = message_relation::link);

namespace detail {

/// An opentelemetry::context::Context that is current on this thread until the end of the scope.
class opaque_scope {
 public:
  explicit opaque_scope(const std::shared_ptr<const void>& context);
  ~opaque_scope();
  opaque_scope(const opaque_scope&) = delete;
  opaque_scope& operator=(const opaque_scope&) = delete;

 private:
  void* token_;
};

}  // namespace detail

}  // namespace lineshaft
