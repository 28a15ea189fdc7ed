#include "top/screen.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <ftxui/dom/table.hpp>
#include <span>
#include <utility>

#include "top/details.hpp"
#include "top/painter.hpp"
#include "top/tree.hpp"

namespace lineshaft::top {
namespace {

using namespace ftxui;

Element cell(std::string shown, int width) { return text(std::move(shown)) | size(WIDTH, EQUAL, width); }
Element right_cell(std::string shown, int width) {
  return hbox({filler(), text(std::move(shown))}) | size(WIDTH, EQUAL, width);
}

std::string state_of(const row& one) { return one.state == "running" && !one.ready ? "not ready" : one.state; }

std::string remark(const row& one) {
  auto said = one.error;
  if (one.next_start)
    said = std::format("again in {}{}{}", short_span(*one.next_start), said.empty() ? "" : ": ", said);
  return said;
}

constexpr int state_width = 10, usual_spark_width = 10;

/// What depends on the names and on the room.
struct widths {
  int name, spark;
};

// A name that is cut is no name: the line of past rates goes before.
widths widths_for(const std::vector<const row*>& rows, int room) {
  constexpr int least = 14, others = 1 + state_width + 8 + 8 + 1 + 6 + 6 + 6 + 4 + 1;
  int longest = least;
  for (const auto* one : rows) longest = std::max(longest, static_cast<int>(one->name.size()));
  const int spark = longest + others + usual_spark_width <= room ? usual_spark_width : 0;
  return {std::clamp(room - others - spark, least, longest), spark};
}

// In the middle: replicas differ in their ends.
std::string cut(const std::string& name, int width) {
  const auto room = static_cast<std::size_t>(width);
  if (name.size() <= room) return name;
  const auto tail = room / 3;
  return name.substr(0, room - 1 - tail) + "…" + name.substr(name.size() - tail);
}

Element head(const widths& wide) {
  return hbox({cell("WORKER", wide.name), text(" "), cell("STATE", state_width), right_cell("PID", 8),
               right_cell("RATE/S", 8), text(" "), cell("", wide.spark), right_cell("AGE", 6), right_cell("CPU%", 6),
               right_cell("MEM", 6), right_cell("RES", 4), text(" ")}) |
         bold;
}

Elements figures(const row& one, const widths& wide, const painter& paint) {
  return {right_cell(std::to_string(*one.pid), 8),
          right_cell(one.rate ? short_number(*one.rate) : "-", 8),
          text(" "),
          cell(sparkline(one.past_rates, static_cast<std::size_t>(wide.spark)), wide.spark) | paint.quiet(),
          right_cell(one.age ? short_span(*one.age) : "-", 6),
          right_cell(one.cpu ? std::format("{:.1f}", *one.cpu * 100) : "-", 6),
          right_cell(one.resident_bytes > 0 ? short_bytes(one.resident_bytes) : "-", 6),
          right_cell(std::to_string(one.restarts), 4) | (one.restarts > 0 ? paint.odd() : Decorator(nothing)),
          text(" "),
          text(remark(one)) | paint.bad() | flex};
}

Element line_of(const row& one, bool selected, const widths& wide, const painter& paint) {
  Elements cells{cell(cut(one.name, wide.name), wide.name), text(" "),
                 cell(state_of(one), state_width) | paint.state(one.state, one.ready)};
  if (one.pid) {
    std::ranges::move(figures(one, wide, paint), std::back_inserter(cells));
  } else {
    // Without a process there are no figures, but there is something to say.
    cells.push_back(text("  " + remark(one)) | (one.state == "failed" ? paint.bad() : paint.odd()) | flex);
  }
  auto shown = hbox(std::move(cells));
  return selected ? shown | inverted : shown;
}

// As much of a list as there is room for, so that the selected one is in sight.
template <class T>
std::span<const T> window_of(const std::vector<T>& all, std::size_t selected, int room) {
  const auto height = static_cast<std::size_t>(std::max(room, 1));
  if (all.size() <= height) return all;
  const auto first = std::min(selected < height / 2 ? 0 : selected - height / 2, all.size() - height);
  return std::span(all).subspan(first, height);
}

Element workers(const model& seen, const painter& paint, int columns, int room) {
  const auto rows = seen.shown();
  const auto wide = widths_for(rows, columns);
  const auto* selected = seen.selected();
  const auto at = static_cast<std::size_t>(std::ranges::find(rows, selected) - rows.begin());
  Elements lines{head(wide)};
  for (const auto* one : window_of(rows, at, room - 1)) lines.push_back(line_of(*one, one == selected, wide, paint));
  if (rows.empty()) lines.push_back(text(seen.filter().empty() ? "no workers" : "no worker matches the filter"));
  return vbox(std::move(lines));
}

Element tree(const model& seen, const painter& paint, int room) {
  const auto branches = branches_of(seen.shown());
  const auto* selected = seen.selected();
  const auto at = static_cast<std::size_t>(std::ranges::find(branches, selected, &branch::one) - branches.begin());
  Elements lines{text("WHO WAITS FOR WHOM") | bold};
  for (const auto& [one, stem] : window_of(branches, at, room - 1)) {
    auto line = hbox({text(stem + one->name + " "), text(state_of(*one)) | paint.state(one->state, one->ready),
                      text(one->after.size() > 1 ? std::format(" (after {} workers)", one->after.size()) : "")});
    lines.push_back(one == selected ? line | inverted : line);
  }
  return vbox(std::move(lines));
}

Element help(int) {
  constexpr const char* lines[] = {
      "↑ ↓ j k PgUp PgDn   select a worker",
      "Enter               its details: counters, exits, what it prints",
      "t                   who waits for whom",
      "s                   start it",
      "x                   stop it",
      "r                   restart it",
      "+ -                 one replica more, one less",
      "/                   filter by name or state; Esc shows all again",
      "o                   order: name, rate, cpu, memory, restarts, state",
      "Esc                 back to the workers",
      "q Ctrl-C            leave; the pipeline goes on",
  };
  Elements all{text("KEYS") | bold};
  for (const auto* one : lines) all.push_back(text(one));
  return vbox(std::move(all));
}

Element title(const model& seen, const painter& paint) {
  if (!seen.lost().empty()) return text(seen.lost()) | paint.bad() | bold;
  auto left = std::format("{}  {} of {} ready  process {}  up {}", seen.pipeline(), seen.ready(), seen.count(),
                          seen.manager_pid(), short_span(seen.manager_uptime()));
  auto right = std::format("by {}{}", to_string(seen.sorted_by()), seen.filter().empty() ? "" : "  /" + seen.filter());
  return hbox({text(std::move(left)) | bold, filler(), text(std::move(right))});
}

// As many as there is room for: what says where the others are is left last.
std::string keys_for(int columns) {
  constexpr std::array texts{
      "Enter details  s start  x stop  r restart  +/- scale  / filter  o order  t tree  ? help  q quit",
      "s start  x stop  r restart  +/- scale  / filter  o order  t tree  ? help  q quit",
      "s start  x stop  r restart  ? help  q quit",
  };
  const auto fits = [&](std::string_view one) { return std::cmp_less_equal(one.size(), columns); };
  const auto* found = std::ranges::find_if(texts, fits);
  return found == texts.end() ? "? help  q quit" : *found;
}

Element foot(const surroundings& around, const painter& paint, int columns) {
  if (!around.question.empty()) return text(around.question + " (y/n)") | paint.odd() | bold;
  if (!around.entry.empty()) return hbox({text(around.entry + ": " + around.typed), text("▏")});
  if (!around.message.empty()) return text(around.message);
  return text(keys_for(columns)) | paint.quiet();
}

}  // namespace

Element draw(const model& seen, const surroundings& around, Dimensions terminal) {
  const int height = terminal.dimy;
  const painter paint(around.coloured);
  constexpr int most_events = 4;
  const int events = around.at == page::workers ? std::clamp(height - 12, 0, most_events) : 0;
  const int room = height - 4 - (events > 0 ? events + 1 : 0);
  Elements parts{title(seen, paint), separatorEmpty()};
  switch (around.at) {
    case page::workers: parts.push_back(workers(seen, paint, terminal.dimx, room)); break;
    case page::tree: parts.push_back(tree(seen, paint, room)); break;
    case page::details: parts.push_back(details(seen.selected(), around, paint, room)); break;
    case page::help: parts.push_back(help(room)); break;
  }
  parts.push_back(filler());
  if (events > 0) {
    parts.push_back(separatorEmpty());
    const auto count = std::min<std::size_t>(around.events.size(), static_cast<std::size_t>(events));
    for (auto at = around.events.size() - count; at < around.events.size(); ++at)
      parts.push_back(text(around.events[at]) | paint.quiet());
  }
  parts.push_back(foot(around, paint, terminal.dimx));
  return vbox(std::move(parts));
}

}  // namespace lineshaft::top
