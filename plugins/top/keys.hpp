#pragma once
// What a key does, by where somebody is. Pure: it changes what is shown, and gives the command that is to be sent.
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "top/model.hpp"
#include "top/screen.hpp"

namespace lineshaft::top {

/// A request to the manager.
struct command {
  std::string method, target;
  boost::json::value body;
  std::string said;  ///< "restart processor-0": how it is called in the message about it
};

/// A key as ftxui names it: a character, or a sequence of the terminal.
enum class key { up, down, page_up, page_down, enter, escape, backspace, character };

struct pressed {
  key which = key::character;
  std::string text = {};  ///< of a character
};

enum class leave { no, yes };

struct outcome {
  std::optional<command> send = {};
  leave wants = leave::no;
};

class keyboard {
 public:
  outcome press(const pressed& what, model& seen, surroundings& around);

 private:
  outcome answer(const std::string& text, surroundings& around);
  outcome type(const pressed& what, model& seen, surroundings& around);
  outcome act(char which, model& seen, surroundings& around);

  std::optional<command> asked_;  ///< what a question is about
};

}  // namespace lineshaft::top
