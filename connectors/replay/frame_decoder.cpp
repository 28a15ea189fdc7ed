#include "replay/frame_decoder.hpp"

#include <simdjson.h>

#include "replay/date.hpp"
#include "replay/line_reader.hpp"

namespace lineshaft::replay {

namespace {

static_assert(line_reader::padding >= simdjson::SIMDJSON_PADDING);

std::string_view text_of(const simdjson::dom::object& event, std::string_view key) {
  std::string_view text;
  return event[key].get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::int64_t number_of(const simdjson::dom::object& event, std::string_view key) {
  std::int64_t number = 0;
  return event[key].get_int64().get(number) == simdjson::SUCCESS ? number : 0;
}

feed_event describe(const simdjson::dom::object& event, std::string_view json) {
  auto symbol = text_of(event, "sym");
  if (symbol.empty()) symbol = text_of(event, "T");
  auto time = number_of(event, "e");
  if (time == 0) time = number_of(event, "t");
  return {.json = json, .type = text_of(event, "ev"), .symbol = symbol, .time = from_epoch(time)};
}

class frame_decoder final : public decoder {
 public:
  std::optional<std::string> decode(std::string_view line, std::vector<feed_event>& into) override {
    simdjson::dom::element document;
    if (const auto code = parser_.parse(line.data(), line.size(), /*realloc_if_needed=*/false).get(document)) {
      return std::string("not valid JSON: ") + simdjson::error_message(code);
    }
    simdjson::dom::array events;
    if (document.get_array().get(events) != simdjson::SUCCESS) return "expected an array of events";
    texts_.clear();
    split_array(line, texts_);
    const auto before = into.size();
    std::size_t index = 0;
    for (const auto element : events) {
      simdjson::dom::object event;
      if (element.get_object().get(event) != simdjson::SUCCESS) {
        into.resize(before);
        return "event " + std::to_string(index + 1) + " is no object";
      }
      into.push_back(describe(event, texts_[index++]));
    }
    return std::nullopt;
  }

 private:
  simdjson::dom::parser parser_;
  std::vector<std::string_view> texts_;
};

// The position behind the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

}  // namespace

std::unique_ptr<decoder> make_frame_decoder() { return std::make_unique<frame_decoder>(); }

void split_array(std::string_view array, std::vector<std::string_view>& into) {
  constexpr std::string_view blanks = " \t\r\n";
  int depth = 0;
  auto element = std::string_view::npos;
  const auto end_element = [&](std::size_t end) {
    if (element == std::string_view::npos) return;
    const auto text = array.substr(element, end - element);
    into.push_back(text.substr(0, text.find_last_not_of(blanks) + 1));
    element = std::string_view::npos;
  };
  for (std::size_t at = 0; at < array.size();) {
    const char c = array[at];
    if (depth == 1 && c == ',')
      end_element(at);
    else if (depth == 1 && c == ']')
      end_element(at);
    else if (depth == 1 && element == std::string_view::npos && !blanks.contains(c))
      element = at;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    at = c == '"' ? skip_string(array, at) : at + 1;
  }
}

}  // namespace lineshaft::replay
