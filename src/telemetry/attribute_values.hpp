#pragma once
#include <opentelemetry/common/attribute_value.h>

#include "lineshaft/span.hpp"

namespace lineshaft::telemetry {

/// The same for OpenTelemetry; refers to the text of `value`.
inline opentelemetry::common::AttributeValue to_opentelemetry(const attribute_value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  const auto& text = std::get<std::string>(value);
  return opentelemetry::nostd::string_view(text.data(), text.size());
}

}  // namespace lineshaft::telemetry
