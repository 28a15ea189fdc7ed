#pragma once
// From frames of the vendor to messages for the queues: a pure translation.
#include <simdjson.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "market_data/wire/message_batch.hpp"
#include "market_data/wire/names.hpp"
#include "market_data/wire/stream.hpp"

namespace market_data {

/// Messages for all queues, in the order of `streams`.
using message_batches = std::array<message_batch, stream_count>;

/// What one frame gave.
struct translated {
  std::size_t events = 0;           ///< now messages, one each
  std::size_t decoding_errors = 0;  ///< elements that are no events; or 1, if the frame as a whole is broken
};

/// Reads frames (JSON arrays of events) and appends one message for each event. Values are copied as
/// they stand in the frame, so that no number changes its digits. A frame that is not JSON to its end
/// gives nothing: half a frame is not passed on.
class frame_translator {
 public:
  translated translate(std::string_view frame, message_batches& into);

 private:
  struct member {
    std::string_view key, value;
  };
  translated translate_array(std::string_view frame, message_batches& into);
  void translate_event(simdjson::ondemand::object event, message_batches& into);
  void write_message(stream, std::string& out) const;

  simdjson::ondemand::parser parser_;
  std::string padded_;           // simdjson reads a little past the end
  std::vector<member> members_;  // of the event at hand
};

}  // namespace market_data
