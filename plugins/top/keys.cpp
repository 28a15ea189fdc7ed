#include "top/keys.hpp"

#include <algorithm>
#include <format>

namespace lineshaft::top {
namespace {

constexpr std::ptrdiff_t one_page = 10;

command on(const row& worker, const std::string& verb) {
  return {"POST", std::format("/v1/workers/{}/{}", worker.name, verb), nullptr, verb + " " + worker.name};
}

std::optional<command> scaled(const model& seen, const row& worker, int by) {
  if (worker.family == worker.name) return std::nullopt;
  std::int64_t count = by;
  for (const auto* one : seen.shown())
    if (one->family == worker.family) ++count;
  count = std::max<std::int64_t>(count, 0);
  return command{"PUT", std::format("/v1/workers/{}/replicas", worker.family), boost::json::object{{"replicas", count}},
                 std::format("scale {} to {}", worker.family, count)};
}

}  // namespace

outcome keyboard::press(const pressed& what, model& seen, surroundings& around) {
  if (!around.question.empty()) return answer(what.text, around);
  if (!around.entry.empty()) return type(what, seen, around);
  around.message.clear();
  switch (what.which) {
    case key::up: seen.move(-1); break;
    case key::down: seen.move(1); break;
    case key::page_up: seen.move(-one_page); break;
    case key::page_down: seen.move(one_page); break;
    case key::enter:
      if (const auto* worker = seen.selected()) {
        seen.select(worker->name);
        around.at = page::details;
      }
      break;
    case key::escape:
      if (around.at == page::workers) seen.filter("");
      around.at = page::workers;
      break;
    case key::backspace: break;
    case key::character: return what.text.size() == 1 ? act(what.text.front(), seen, around) : outcome();
  }
  return {};
}

outcome keyboard::answer(const std::string& text, surroundings& around) {
  around.question.clear();
  auto asked = std::exchange(asked_, std::nullopt);
  return text == "y" ? outcome{std::move(asked)} : outcome();
}

outcome keyboard::type(const pressed& what, model& seen, surroundings& around) {
  auto& typed = around.typed;
  switch (what.which) {
    case key::enter: around.entry.clear(); break;
    case key::escape:
      typed.clear();
      around.entry.clear();
      break;
    case key::backspace:
      if (!typed.empty()) typed.pop_back();
      break;
    case key::character: typed += what.text; break;
    default: break;
  }
  seen.filter(typed);
  return {};
}

outcome keyboard::act(char which, model& seen, surroundings& around) {
  const auto* worker = seen.selected();
  const auto ask = [&](command what) {
    around.question = what.said + "?";
    asked_ = std::move(what);
    return outcome();
  };
  switch (which) {
    case 'q': return {{}, leave::yes};
    case 'j': seen.move(1); break;
    case 'k': seen.move(-1); break;
    case 'o': seen.sort_by_next(); break;
    case 't': around.at = around.at == page::tree ? page::workers : page::tree; break;
    case '?':
    case 'h': around.at = around.at == page::help ? page::workers : page::help; break;
    case '/':
      around.at = page::workers;
      around.entry = "filter";
      around.typed = seen.filter();
      break;
    case 's':
      if (worker != nullptr) return {on(*worker, "start")};
      break;
    case 'x':
      if (worker != nullptr) return ask(on(*worker, "stop"));
      break;
    case 'r':
      if (worker != nullptr) return ask(on(*worker, "restart"));
      break;
    case '+':
    case '-':
      if (worker == nullptr) break;
      if (auto change = scaled(seen, *worker, which == '+' ? 1 : -1)) return ask(std::move(*change));
      around.message = worker->name + " has no replicas";
      break;
    default: break;
  }
  return {};
}

}  // namespace lineshaft::top
