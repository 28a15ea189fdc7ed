#pragma once
// What `run` prints, from several threads: events, and what the manager says of itself. Nobody of them waits for
// whoever reads it: a terminal that was stopped, a full pipe, do not stop a manager.
#include <string>

#include "cli/invocation.hpp"
#include "cli/line_writer.hpp"
#include "lineshaft/event.hpp"

namespace lineshaft::cli {

class plain_log {
 public:
  /// `printed` is called by a thread that may wait, when something has been, or could not be.
  plain_log(const common& asked, line_writer::on_tried printed);

  void tell(const event& what);
  /// Of the manager itself. Where events are JSON it goes to standard error: among them it would be none.
  void say(std::string text);

 private:
  bool json_, coloured_;
  line_writer output_, errors_;
};

}  // namespace lineshaft::cli
