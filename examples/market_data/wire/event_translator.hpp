#pragma once
// From events of the vendor to messages for the queues: a pure translation.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "market_data/wire/members.hpp"
#include "market_data/wire/message_batch.hpp"
#include "market_data/wire/names.hpp"
#include "market_data/wire/stream.hpp"

namespace market_data {

/// Messages for all queues, in the order of `streams`.
using message_batches = std::array<message_batch, stream_count>;

/// Values are copied as they stand in the event, so that no number changes its digits.
class event_translator {
 public:
  /// Appends the message for `event`, a JSON object as a feed gives it. False, and nothing is appended, if it is none.
  bool translate(std::string_view event, message_batches& into);

 private:
  void write_message(stream, std::string& out) const;

  std::vector<member> members_;  // of the event at hand
};

}  // namespace market_data
