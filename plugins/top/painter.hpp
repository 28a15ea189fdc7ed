#pragma once
// Colours out of the terminal's own sixteen, which its theme makes readable, or none.
#include <ftxui/dom/elements.hpp>
#include <string_view>

namespace lineshaft::top {

class painter {
 public:
  explicit painter(bool coloured) : coloured_(coloured) {}

  ftxui::Decorator good() const { return in(ftxui::Color::Green); }
  ftxui::Decorator odd() const { return in(ftxui::Color::Yellow); }
  ftxui::Decorator bad() const { return in(ftxui::Color::Red); }
  ftxui::Decorator quiet() const { return coloured_ ? ftxui::Decorator(ftxui::dim) : ftxui::Decorator(ftxui::nothing); }
  ftxui::Decorator state(std::string_view state, bool ready) const {
    if (state == "failed") return bad();
    if (state == "completed" || (state == "running" && ready)) return good();
    return state == "stopped" ? ftxui::Decorator(ftxui::nothing) : odd();
  }

 private:
  ftxui::Decorator in(ftxui::Color::Palette16 which) const {
    return coloured_ ? ftxui::color(which) : ftxui::Decorator(ftxui::nothing);
  }
  bool coloured_;
};

}  // namespace lineshaft::top
