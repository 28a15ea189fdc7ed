#pragma once
// Newline-delimited JSON: each line a frame, an array of events, as the vendor's WebSocket sends it.
#include <memory>

#include "replay/decoder.hpp"

namespace lineshaft::replay {

/// A line that is not wholly valid JSON, or no array of objects, is refused as a whole.
std::unique_ptr<decoder> make_frame_decoder();

/// The elements of `array`, which is known to be a valid JSON array: views into it, without blanks around them.
void split_array(std::string_view array, std::vector<std::string_view>& into);

}  // namespace lineshaft::replay
