#pragma once
// The model as what is on the terminal. Pure: nothing is written here.
#include <deque>
#include <ftxui/dom/elements.hpp>
#include <ftxui/screen/terminal.hpp>
#include <string>

#include "top/model.hpp"

namespace lineshaft::top {

enum class page { workers, tree, details, help };

/// What is shown beside the workers.
struct surroundings {
  page at = page::workers;
  std::deque<std::string> events;          ///< as lines, newest last
  std::deque<std::string> lines;           ///< what the worker of the details has printed, newest last
  std::vector<boost::json::object> exits;  ///< of that worker, oldest first
  std::string message;                     ///< what became of the last command
  std::string question;                    ///< to be answered with y or n; empty: none
  std::string entry;                       ///< the name of what is being typed: "filter", "replicas"; empty: nothing
  std::string typed;
  bool coloured = true;
};

ftxui::Element draw(const model& seen, const surroundings& around, ftxui::Dimensions terminal);

}  // namespace lineshaft::top
