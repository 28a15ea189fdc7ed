#pragma once
// Everything about one worker: its counters, how its processes ended, and what it prints.
#include "top/painter.hpp"
#include "top/screen.hpp"

namespace lineshaft::top {

ftxui::Element details(const row* shown, const surroundings& around, const painter& paint, int room);

}  // namespace lineshaft::top
