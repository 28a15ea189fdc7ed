#include "replay/frame_decoder.hpp"

#include <simdjson.h>

#include <array>

#include "replay/date.hpp"
#include "replay/line_reader.hpp"

namespace lineshaft::replay {

namespace {

static_assert(line_reader::padding >= simdjson::SIMDJSON_PADDING);

std::string_view text_of(simdjson::dom::element value) {
  std::string_view text;
  return value.get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::int64_t number_of(simdjson::dom::element value) {
  std::int64_t number = 0;
  return value.get_int64().get(number) == simdjson::SUCCESS ? number : 0;
}

feed_event describe(const simdjson::dom::object& event, std::string_view json) {
  feed_event described{.json = json};
  std::string_view symbol_of_halt;
  std::int64_t end = 0, time = 0;
  for (const auto& [key, value] : event) {
    if (key == "ev")
      described.type = text_of(value);
    else if (key == "sym")
      described.symbol = text_of(value);
    else if (key == "T")
      symbol_of_halt = text_of(value);
    else if (key == "e")
      end = number_of(value);
    else if (key == "t")
      time = number_of(value);
  }
  if (described.symbol.empty()) described.symbol = symbol_of_halt;
  described.time = from_epoch(end != 0 ? end : time);
  return described;
}

class frame_decoder final : public decoder {
 public:
  std::optional<std::string> decode(std::string_view line, std::vector<feed_event>& into) override {
    // simdjson passes over the mark of byte order in silence; `split_array` has to see what it has read.
    while (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
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

constexpr std::string_view blanks = " \t\r\n";

// The bytes that end a run of bytes without a meaning of their own, inside an element.
constexpr auto has_meaning = [] {
  std::array<bool, 256> table{};
  for (const unsigned char c : std::string_view("\"[]{}")) table[c] = true;
  return table;
}();

// The position behind the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

// The position behind the array or object that begins at `at`.
std::size_t skip_nested(std::string_view text, std::size_t at) {
  for (int depth = 0;;) {
    while (!has_meaning[static_cast<unsigned char>(text[at])]) ++at;
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    ++at;
    depth += c == '[' || c == '{' ? 1 : -1;
    if (depth == 0) return at;
  }
}

// The position behind the value that begins at `at`.
std::size_t skip_value(std::string_view text, std::size_t at) {
  if (text[at] == '"') return skip_string(text, at);
  if (text[at] == '[' || text[at] == '{') return skip_nested(text, at);
  return text.find_first_of(",] \t\r\n", at);
}

}  // namespace

std::unique_ptr<decoder> make_frame_decoder() { return std::make_unique<frame_decoder>(); }

void split_array(std::string_view array, std::vector<std::string_view>& into) {
  const auto skip_to = [array](std::size_t at) { return array.find_first_not_of(blanks, at); };
  for (auto at = skip_to(skip_to(0) + 1); array[at] != ']';) {
    const auto end = skip_value(array, at);
    into.push_back(array.substr(at, end - at));
    at = skip_to(end);
    if (array[at] == ',') at = skip_to(at + 1);
  }
}

}  // namespace lineshaft::replay
