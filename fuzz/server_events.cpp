// A stream of server-sent events, cut anywhere.
#include "control/event_parser.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto all = fuzz::text(data + 1, size - 1);
  const auto cut = all.size() * data[0] / 255;
  lineshaft::control::event_parser whole, pieces;
  whole.add(all);
  pieces.add(all.substr(0, cut));
  std::size_t in_whole = 0, in_pieces = 0;
  while (pieces.next()) ++in_pieces;
  pieces.add(all.substr(cut));
  while (pieces.next()) ++in_pieces;
  while (whole.next()) ++in_whole;
  fuzz::must(in_whole == in_pieces);
  return 0;
}
