#include "top/screen.hpp"

#include <algorithm>
#include <format>
#include <ftxui/dom/table.hpp>
#include <span>

#include "top/details.hpp"
#include "top/painter.hpp"

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

constexpr int name_width = 14, state_width = 10, spark_width = 10;

Element head() {
  return hbox({cell("WORKER", name_width), text(" "), cell("STATE", state_width), right_cell("PID", 8),
               right_cell("RATE/S", 8), text(" "), cell("", spark_width), right_cell("AGE", 6), right_cell("CPU%", 6),
               right_cell("MEM", 6), right_cell("RES", 4), text(" ")}) |
         bold;
}

Elements figures(const row& one, const painter& paint) {
  return {right_cell(std::to_string(*one.pid), 8),
          right_cell(one.rate ? short_number(*one.rate) : "-", 8),
          text(" "),
          cell(sparkline(one.past_rates, spark_width), spark_width) | paint.quiet(),
          right_cell(one.age ? short_span(*one.age) : "-", 6),
          right_cell(one.cpu ? std::format("{:.1f}", *one.cpu * 100) : "-", 6),
          right_cell(one.resident_bytes > 0 ? short_bytes(one.resident_bytes) : "-", 6),
          right_cell(std::to_string(one.restarts), 4) | (one.restarts > 0 ? paint.odd() : Decorator(nothing)),
          text(" "),
          text(remark(one)) | paint.bad() | flex};
}

Element line_of(const row& one, bool selected, const painter& paint) {
  Elements cells{cell(one.name, name_width), text(" "),
                 cell(state_of(one), state_width) | paint.state(one.state, one.ready)};
  if (one.pid) {
    std::ranges::move(figures(one, paint), std::back_inserter(cells));
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

Element workers(const model& seen, const painter& paint, int room) {
  const auto rows = seen.shown();
  const auto* selected = seen.selected();
  const auto at = static_cast<std::size_t>(std::ranges::find(rows, selected) - rows.begin());
  Elements lines{head()};
  for (const auto* one : window_of(rows, at, room - 1)) lines.push_back(line_of(*one, one == selected, paint));
  if (rows.empty()) lines.push_back(text(seen.filter().empty() ? "no workers" : "no worker matches the filter"));
  return vbox(std::move(lines));
}

// Below each worker those that wait for it; one that waits for several stands below the first of them.
void add_branch(const std::vector<const row*>& all, const row& one, const std::string& indent, bool last,
                Elements& lines, const painter& paint, std::size_t depth) {
  const auto stem = depth == 0 ? "" : indent + (last ? "└─ " : "├─ ");
  lines.push_back(hbox({text(stem + one.name + " "), text(state_of(one)) | paint.state(one.state, one.ready),
                        text(one.after.size() > 1 ? std::format(" (after {} workers)", one.after.size()) : "")}));
  std::vector<const row*> below;
  for (const auto* other : all) {
    if (!other->after.empty() && other->after.front() == one.family && one.family != other->family &&
        (one.name == one.family || one.name.ends_with("-0")))
      below.push_back(other);
  }
  if (depth > all.size()) return;
  for (const auto* other : below)
    add_branch(all, *other, depth == 0 ? "" : indent + (last ? "   " : "│  "), other == below.back(), lines, paint,
               depth + 1);
}

Element tree(const model& seen, const painter& paint, int room) {
  const auto all = seen.shown();
  Elements lines;
  for (const auto* one : all)
    if (one->after.empty()) add_branch(all, *one, "", false, lines, paint, 0);
  const auto in_sight = window_of(lines, 0, room - 1);
  return vbox({text("WHO WAITS FOR WHOM") | bold, vbox(Elements(in_sight.begin(), in_sight.end()))});
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

Element foot(const surroundings& around, const painter& paint) {
  if (!around.question.empty()) return text(around.question + " (y/n)") | paint.odd() | bold;
  if (!around.entry.empty()) return hbox({text(around.entry + ": " + around.typed), text("▏")});
  if (!around.message.empty()) return text(around.message);
  return text("Enter details  s start  x stop  r restart  +/- scale  / filter  o order  t tree  ? help  q quit") |
         paint.quiet();
}

}  // namespace

Element draw(const model& seen, const surroundings& around, int height) {
  const painter paint(around.coloured);
  constexpr int most_events = 4;
  const int events = around.at == page::workers ? std::clamp(height - 12, 0, most_events) : 0;
  const int room = height - 4 - (events > 0 ? events + 1 : 0);
  Elements parts{title(seen, paint), separatorEmpty()};
  switch (around.at) {
    case page::workers: parts.push_back(workers(seen, paint, room)); break;
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
  parts.push_back(foot(around, paint));
  return vbox(std::move(parts));
}

}  // namespace lineshaft::top
