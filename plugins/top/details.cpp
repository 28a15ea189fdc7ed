#include "top/details.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <format>

#include "cli/fields.hpp"

namespace lineshaft::top {
namespace {

using namespace ftxui;

// The eleven that each worker has are in the first line; these are its own.
Elements metrics(const row& one) {
  Elements all;
  const auto* declared = one.status->if_contains("metrics");
  if (declared == nullptr || !declared->is_object()) return all;
  for (const auto& [name, value] : declared->get_object())
    all.push_back(text(std::format("  {} {}", std::string(name), boost::json::serialize(value))));
  return all;
}

Elements exits(const surroundings& around, const painter& paint, std::size_t most) {
  Elements all;
  const auto count = std::min(most, around.exits.size());
  for (auto at = around.exits.size(); at-- > around.exits.size() - count;) {
    const auto& exit = around.exits[at];
    all.push_back(text(std::format("  {}: {} after {}", cli::text_in(exit, "generation"), cli::text_in(exit, "reason"),
                                   short_span(std::chrono::milliseconds(cli::number_in(exit, "lifetime_ms"))))) |
                  (cli::text_in(exit, "success") == "true" ? Decorator(nothing) : paint.bad()));
  }
  return all;
}

void add(Elements& parts, std::string title, Elements lines) {
  if (lines.empty()) return;
  parts.push_back(text(std::move(title)) | bold);
  std::ranges::move(lines, std::back_inserter(parts));
}

}  // namespace

Element details(const row* one, const surroundings& around, const painter& paint, int room) {
  if (one == nullptr) return text("no worker is selected");
  Elements parts{
      hbox({text(one->name + "  ") | bold, text(one->state) | paint.state(one->state, one->ready),
            text(std::format("  generation {}  pid {}  up {}  restarts {}", one->generation,
                             one->pid ? std::to_string(*one->pid) : "-", short_span(one->uptime), one->restarts))}),
      text(std::format("processed {}  errors {}  published {}  decoding {}  processing {}  loop {}", one->processed,
                       one->errors, cli::text_in(*one->status, "published"),
                       cli::text_in(*one->status, "decoding_errors"), cli::text_in(*one->status, "processing_errors"),
                       cli::text_in(*one->status, "loop"))),
  };
  if (!one->error.empty()) parts.push_back(text(one->error) | paint.bad());
  auto own = metrics(*one);
  own.resize(std::min<std::size_t>(own.size(), 6));
  add(parts, "METRICS", std::move(own));
  add(parts, "EXITS", exits(around, paint, 4));
  const auto left = std::max<int>(room - static_cast<int>(parts.size()) - 1, 0);
  const auto count = std::min<std::size_t>(around.lines.size(), static_cast<std::size_t>(left));
  Elements lines;
  for (auto at = around.lines.size() - count; at < around.lines.size(); ++at)
    lines.push_back(text("  " + around.lines[at]));
  add(parts, "OUTPUT", std::move(lines));
  return vbox(std::move(parts));
}

}  // namespace lineshaft::top
