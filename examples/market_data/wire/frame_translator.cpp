#include "market_data/wire/frame_translator.hpp"

#include "market_data/wire/scalar.hpp"

namespace market_data {
namespace {

namespace json = simdjson::ondemand;

// simdjson leaves alone what nobody asks for, and we pass values on as text: so everything is walked.
std::string_view whole(json::value value);

std::string_view whole_array(json::array array) {
  for (json::value element : array) whole(element);
  array.reset();
  return trimmed(array.raw_json().value());
}

std::string_view whole_object(json::object object) {
  for (auto field : object) whole(field.value());
  object.reset();
  return trimmed(object.raw_json().value());
}

/// The text of a value, known to be JSON all through. Throws simdjson_error otherwise.
std::string_view whole(json::value value) {
  switch (value.type()) {
    case json::json_type::array: return whole_array(value.get_array());
    case json::json_type::object: return whole_object(value.get_object());
    default: break;
  }
  const auto text = trimmed(value.raw_json_token());
  if (!is_scalar(text)) throw simdjson::simdjson_error(simdjson::TAPE_ERROR);
  return text;
}

}  // namespace

translated frame_translator::translate(std::string_view frame, message_batches& into) {
  std::array<std::size_t, stream_count> before;
  for (std::size_t i = 0; i < stream_count; ++i) before[i] = into[i].size();
  try {
    return translate_array(frame, into);
  } catch (const simdjson::simdjson_error&) {
    for (std::size_t i = 0; i < stream_count; ++i) into[i].shrink(before[i]);
    return {.decoding_errors = 1};
  }
}

translated frame_translator::translate_array(std::string_view frame, message_batches& into) {
  padded_.reserve(frame.size() + simdjson::SIMDJSON_PADDING);
  padded_.assign(frame);
  json::document document = parser_.iterate(padded_.data(), frame.size(), padded_.capacity());
  translated result;
  for (json::value element : document.get_array()) {
    if (element.type() != json::json_type::object) {
      whole(element);
      ++result.decoding_errors;
      continue;
    }
    translate_event(element.get_object(), into);
    ++result.events;
  }
  if (!document.at_end()) throw simdjson::simdjson_error(simdjson::TRAILING_CONTENT);
  return result;
}

void frame_translator::translate_event(json::object event, message_batches& into) {
  std::string_view type;
  members_.clear();
  for (auto field : event) {
    const std::string_view key = field.escaped_key();
    const auto value = whole(field.value());
    members_.push_back({key, value});
    if (key == "ev") type = unquoted(value);
  }
  const auto target = stream_of(type);
  auto& batch = into[static_cast<std::size_t>(target)];
  if (target == stream::unknown) {
    event.reset();
    batch.writing() += trimmed(event.raw_json().value());
  } else {
    write_message(target, batch.writing());
  }
  batch.finish();
}

void frame_translator::write_message(stream target, std::string& out) const {
  // The vendor sends the fields in the order of the table: the search starts where the last one was found.
  std::size_t next = 0;
  for (const auto& [in_frame, in_message] : fields_of(target)) {
    out += in_message;
    std::string_view value = "null";
    for (std::size_t tried = 0; tried < members_.size(); ++tried) {
      const auto& [key, given] = members_[(next + tried) % members_.size()];
      if (key != in_frame) continue;
      value = given;
      next = next + tried + 1;
      break;
    }
    out += value;
  }
  out += '}';
}

}  // namespace market_data
