#include "limited_recordables.hpp"

#include <opentelemetry/common/key_value_iterable.h>

#include <string_view>
#include <vector>

namespace lineshaft::otlp {

namespace {

namespace otel = opentelemetry;
namespace sdk = otel::sdk;
using otel::common::AttributeValue;
using otel::common::KeyValueIterable;
using otel::nostd::string_view;

// The first `most` characters of UTF-8.
string_view shortened(string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins && ++characters > most) return text.substr(0, at);
  }
  return text;
}

// Calls `take` with the value within the limit.
template <class Take>
void with_shortened(const AttributeValue& value, std::size_t most, Take take) {
  if (most == telemetry::no_limit) return take(value);
  if (const auto* text = otel::nostd::get_if<string_view>(&value)) return take(AttributeValue(shortened(*text, most)));
  if (const auto* chars = otel::nostd::get_if<const char*>(&value))
    return take(AttributeValue(shortened(string_view(*chars), most)));
  const auto* texts = otel::nostd::get_if<otel::nostd::span<const string_view>>(&value);
  if (texts == nullptr) return take(value);
  std::vector<string_view> all;
  for (const auto& one : *texts) all.push_back(shortened(one, most));
  take(AttributeValue(otel::nostd::span<const string_view>(all.data(), all.size())));
}

// The first ones of what it is made over, with values within the limit.
class first_attributes final : public KeyValueIterable {
 public:
  first_attributes(const KeyValueIterable& all, std::size_t count, std::size_t length)
      : all_(all), count_(count), length_(length) {}

  bool ForEachKeyValue(otel::nostd::function_ref<bool(string_view, AttributeValue)> callback) const noexcept override {
    std::size_t left = count_;
    bool more = true;
    all_.ForEachKeyValue([&](string_view key, AttributeValue value) {
      if (left == 0) return false;
      --left;
      with_shortened(value, length_, [&](const AttributeValue& fitting) { more = callback(key, fitting); });
      return more;
    });
    return more;
  }
  std::size_t size() const noexcept override { return std::min(count_, all_.size()); }

 private:
  const KeyValueIterable& all_;
  std::size_t count_, length_;
};

class limited_span final : public sdk::trace::Recordable {
 public:
  limited_span(std::unique_ptr<sdk::trace::Recordable> made, const telemetry::limit_settings& limits)
      : inner(std::move(made)), limits_(limits) {}

  void SetIdentity(const otel::trace::SpanContext& context, otel::trace::SpanId parent) noexcept override {
    inner->SetIdentity(context, parent);
  }
  void SetAttribute(string_view key, const AttributeValue& value) noexcept override {
    if (attributes_++ >= limits_.attributes) return;
    with_shortened(value, limits_.value_length, [&](const auto& fitting) { inner->SetAttribute(key, fitting); });
  }
  void AddEvent(string_view name, otel::common::SystemTimestamp when,
                const KeyValueIterable& attributes) noexcept override {
    if (events_++ >= limits_.events) return;
    inner->AddEvent(name, when, first_attributes(attributes, limits_.event_attributes, limits_.value_length));
  }
  void AddLink(const otel::trace::SpanContext& context, const KeyValueIterable& attributes) noexcept override {
    if (links_++ >= limits_.links) return;
    inner->AddLink(context, first_attributes(attributes, limits_.link_attributes, limits_.value_length));
  }
  void SetStatus(otel::trace::StatusCode code, string_view description) noexcept override {
    inner->SetStatus(code, description);
  }
  void SetName(string_view name) noexcept override { inner->SetName(name); }
  void SetTraceFlags(otel::trace::TraceFlags flags) noexcept override { inner->SetTraceFlags(flags); }
  void SetSpanKind(otel::trace::SpanKind kind) noexcept override { inner->SetSpanKind(kind); }
  void SetResource(const sdk::resource::Resource& resource) noexcept override { inner->SetResource(resource); }
  void SetStartTime(otel::common::SystemTimestamp time) noexcept override { inner->SetStartTime(time); }
  void SetDuration(std::chrono::nanoseconds duration) noexcept override { inner->SetDuration(duration); }
  void SetInstrumentationScope(const sdk::instrumentationscope::InstrumentationScope& scope) noexcept override {
    inner->SetInstrumentationScope(scope);
  }

  std::unique_ptr<sdk::trace::Recordable> inner;

 private:
  telemetry::limit_settings limits_;
  std::size_t attributes_ = 0, events_ = 0, links_ = 0;
};

class limited_log final : public sdk::logs::Recordable {
 public:
  limited_log(std::unique_ptr<sdk::logs::Recordable> made, const telemetry::limit_settings& limits)
      : inner(std::move(made)), limits_(limits) {}

  void SetTimestamp(otel::common::SystemTimestamp time) noexcept override { inner->SetTimestamp(time); }
  void SetObservedTimestamp(otel::common::SystemTimestamp time) noexcept override { inner->SetObservedTimestamp(time); }
  void SetSeverity(otel::logs::Severity severity) noexcept override { inner->SetSeverity(severity); }
  void SetBody(const AttributeValue& body) noexcept override { inner->SetBody(body); }
  void SetAttribute(string_view key, const AttributeValue& value) noexcept override {
    if (attributes_++ >= limits_.attributes) return;
    with_shortened(value, limits_.value_length, [&](const auto& fitting) { inner->SetAttribute(key, fitting); });
  }
  void SetEventId(std::int64_t id, string_view name) noexcept override { inner->SetEventId(id, name); }
  void SetTraceId(const otel::trace::TraceId& id) noexcept override { inner->SetTraceId(id); }
  void SetSpanId(const otel::trace::SpanId& id) noexcept override { inner->SetSpanId(id); }
  void SetTraceFlags(const otel::trace::TraceFlags& flags) noexcept override { inner->SetTraceFlags(flags); }
  void SetResource(const sdk::resource::Resource& resource) noexcept override { inner->SetResource(resource); }
  void SetInstrumentationScope(const sdk::instrumentationscope::InstrumentationScope& scope) noexcept override {
    inner->SetInstrumentationScope(scope);
  }

  std::unique_ptr<sdk::logs::Recordable> inner;

 private:
  telemetry::limit_settings limits_;
  std::size_t attributes_ = 0;
};

}  // namespace

std::unique_ptr<sdk::trace::Recordable> limited(std::unique_ptr<sdk::trace::Recordable> inner,
                                                const telemetry::limit_settings& limits) {
  return std::make_unique<limited_span>(std::move(inner), limits);
}

std::unique_ptr<sdk::logs::Recordable> limited(std::unique_ptr<sdk::logs::Recordable> inner,
                                               const telemetry::limit_settings& limits) {
  return std::make_unique<limited_log>(std::move(inner), limits);
}

std::unique_ptr<sdk::trace::Recordable> take_inner(std::unique_ptr<sdk::trace::Recordable> limited) {
  return std::move(static_cast<limited_span&>(*limited).inner);
}

std::unique_ptr<sdk::logs::Recordable> take_inner(std::unique_ptr<sdk::logs::Recordable> limited) {
  return std::move(static_cast<limited_log&>(*limited).inner);
}

}  // namespace lineshaft::otlp
