#include "cli/past_lines.hpp"

#include <algorithm>
#include <format>
#include <iterator>
#include <map>
#include <queue>

#include "cli/fields.hpp"
#include "cli/printed_lines.hpp"
#include "lineshaft/output_options.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;

bool is_wanted(const wanted_lines& wanted, const json::object& one) {
  return one.contains("missed") || wanted.match(text_in(one, "line"));
}

void tell_last(std::vector<json::object> all, const std::optional<std::uint64_t>& last, const take_one& take) {
  const auto count = last ? std::min<std::size_t>(*last, all.size()) : all.size();
  std::for_each(all.end() - static_cast<std::ptrdiff_t>(count), all.end(), take);
}

using by_worker = std::map<std::string, std::vector<json::object>>;

by_worker sorted_out(const json::array& lines) {
  by_worker all;
  for (const auto& one : lines) all[text_in(one.as_object(), "worker")].push_back(one.as_object());
  return all;
}

void tell_all(std::vector<printed_lines>& sources, const wanted_lines& wanted, const take_one& take) {
  struct next_line {
    json::object line;
    std::size_t from;
  };
  const auto later = [](const next_line& a, const next_line& b) {
    const auto of_a = text_in(a.line, "time"), of_b = text_in(b.line, "time");
    return of_a != of_b ? of_a > of_b : a.from > b.from;
  };
  std::priority_queue<next_line, std::vector<next_line>, decltype(later)> next(later);
  const auto refill = [&](std::size_t from) {
    if (auto line = sources[from].next()) next.push({std::move(*line), from});
  };
  for (std::size_t from = 0; from < sources.size(); ++from) refill(from);
  while (!next.empty()) {
    const auto [line, from] = next.top();
    next.pop();
    if (is_wanted(wanted, line)) take(line);
    refill(from);
  }
}

void tell_last_of(std::vector<printed_lines>& sources, const wanted_lines& wanted, const take_one& take) {
  std::vector<json::object> all;
  for (auto& one : sources) {
    auto some = one.last(*wanted.last, [&](const json::object& line) { return is_wanted(wanted, line); });
    std::ranges::move(some, std::back_inserter(all));
  }
  std::ranges::stable_sort(all, {}, [](const json::object& one) { return text_in(one, "time"); });
  tell_last(std::move(all), wanted.last, take);
}

}  // namespace

void tell_remembered(const wanted_lines& wanted, const remembered_lines& from, const take_one& take) {
  std::vector<json::object> all;
  for (const auto& one : from.all) {
    const auto& line = one.as_object();
    if (text_in(line, "time") >= wanted.since && is_wanted(wanted, line)) all.push_back(line);
  }
  tell_last(std::move(all), wanted.last, take);
}

void tell_printed(const invocation& with, const wanted_lines& wanted, const std::string& folder,
                  const remembered_lines& from, const std::string& until, const take_one& take) {
  auto remembered = sorted_out(from.all);
  std::vector<printed_lines> sources;
  for (const auto& worker : wanted.workers) {
    auto& kept = remembered[worker];
    const bool any = !kept.empty();
    std::erase_if(kept, [&](const json::object& line) { return text_in(line, "time") < wanted.since; });
    auto& made = sources.emplace_back(folder, worker, wanted.since, std::move(kept), until);
    if (!made.has_files() && any && !from.complete)
      say_incomplete(with, std::format("of '{}' only the last lines are kept, in memory: it has no file", worker));
    const auto count = wanted.old_files.find(worker);
    const auto old_files = count == wanted.old_files.end() ? output_options().rotate_count : count->second;
    const auto begins = wanted.last ? std::nullopt : made.begins_late(old_files);
    if (begins)
      say_incomplete(with, std::format("older lines of '{}' may be gone: its files begin at {}", worker, *begins));
  }
  wanted.last ? tell_last_of(sources, wanted, take) : tell_all(sources, wanted, take);
  for (const auto& one : sources)
    for (const auto& why : one.problems()) say_incomplete(with, why.message());
}

}  // namespace lineshaft::cli
