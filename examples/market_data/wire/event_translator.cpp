#include "market_data/wire/event_translator.hpp"

#include <algorithm>
#include <cstddef>

namespace market_data {

bool event_translator::translate(std::string_view event, message_batches& into) {
  if (!split_members(event, members_)) return false;
  const auto type = std::ranges::find(members_, "ev", &member::key);
  const auto target = stream_of(type == members_.end() ? std::string_view() : unquoted(type->value));
  auto& batch = into[static_cast<std::size_t>(target)];
  if (target == stream::unknown)
    batch.writing() += event;
  else
    write_message(target, batch.writing());
  batch.finish();
  return true;
}

void event_translator::write_message(stream target, std::string& out) const {
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
