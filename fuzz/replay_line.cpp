// A line of a recorded feed, as frames or as a table.
#include <memory>
#include <string>
#include <vector>

#include "input.hpp"
#include "replay/frame_decoder.hpp"
#include "replay/line_reader.hpp"
#include "replay/table_decoder.hpp"

using namespace lineshaft;

namespace {

void decode(replay::decoder& with, std::string_view line) {
  std::string padded(line);
  padded.append(replay::line_reader::padding, '\0');
  std::vector<feed_event> events;
  const auto problem = with.decode(std::string_view(padded).substr(0, line.size()), events);
  if (problem) fuzz::must(events.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [first, second] = fuzz::first_line(fuzz::text(data, size));
  decode(*replay::make_frame_decoder(), first);
  if (auto table = replay::make_table_decoder(first, "")) decode(**table, second);
  return 0;
}
