#include "top/keys.hpp"

#include <algorithm>
#include <format>

#include "top/tree.hpp"

namespace lineshaft::top {
namespace {

constexpr std::ptrdiff_t one_page = 10;

command on(const row& worker, const std::string& verb) {
  return {"POST", std::format("/v1/workers/{}/{}", worker.name, verb), nullptr, verb + " " + worker.name};
}

std::optional<command> scaled(const model& seen, const row& worker, int by) {
  if (worker.family == worker.name) return std::nullopt;
  const auto count = std::max<std::int64_t>(static_cast<std::int64_t>(seen.replicas_of(worker.family)) + by, 0);
  return command{"PUT", std::format("/v1/workers/{}/replicas", worker.family), boost::json::object{{"replicas", count}},
                 std::format("scale {} to {}", worker.family, count)};
}

// By one line, or by several, of what is on the screen.
void move(model& seen, const surroundings& around, std::ptrdiff_t by) {
  if (around.at != page::tree) return seen.move(by);
  const auto lines = branches_of(seen.shown());
  const auto at = std::ranges::find(lines, seen.selected(), &branch::one) - lines.begin();
  if (lines.empty()) return;
  const auto to = std::clamp<std::ptrdiff_t>(at + by, 0, std::ssize(lines) - 1);
  seen.select(lines[static_cast<std::size_t>(to)].one->name);
}

}  // namespace

outcome keyboard::press(const pressed& what, model& seen, surroundings& around) {
  if (!around.question.empty()) return answer(what.text, around);
  if (!around.entry.empty()) return type(what, seen, around);
  around.message.clear();
  switch (what.which) {
    case key::up: move(seen, around, -1); break;
    case key::down: move(seen, around, 1); break;
    case key::page_up: move(seen, around, -one_page); break;
    case key::page_down: move(seen, around, one_page); break;
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
    case 'j': move(seen, around, 1); break;
    case 'k': move(seen, around, -1); break;
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
