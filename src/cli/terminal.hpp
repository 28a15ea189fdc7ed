#pragma once
// What the command prints: colours on a terminal only, tables, complaints.
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "cli/invocation.hpp"
#include "lineshaft/error.hpp"

namespace lineshaft::cli {

enum class colour { plain, red, green, yellow, blue, magenta, cyan, dim, bold };

/// Whether standard output gets colours: a terminal, NO_COLOR(5), TERM=dumb and --color say it.
bool wants_colour(const common& asked);

std::string painted(std::string text, colour with, bool coloured);

/// Rows under their heads, as wide as they have to be. Cells know their colour.
class text_table {
 public:
  struct cell {
    std::string text;
    colour with = colour::plain;
    cell(std::string shown, colour in = colour::plain) : text(std::move(shown)), with(in) {}  // NOLINT
    cell(const char* shown) : text(shown) {}                                                  // NOLINT
  };
  explicit text_table(std::vector<std::string> heads) : heads_(std::move(heads)) {}
  void add(std::vector<cell> row) { rows_.push_back(std::move(row)); }
  std::string text(bool coloured) const;

 private:
  std::vector<std::string> heads_;
  std::vector<std::vector<cell>> rows_;
};

/// What could not be done, and what to try next or null: {"ok": false, "error", "try"}.
boost::json::object failure(const std::string& text, const std::string& next = {});

/// To standard error: "lineshaft: cannot …", and what to try next, if there is something. Where JSON is wanted it is a
/// line of standard output, as `failure` makes it.
void complain(const invocation& with, const std::string& text, const std::string& next = {});

/// "1.5 s", "300 ms", "2 h 5 min": for people.
std::string span_for_people(std::chrono::milliseconds span);

}  // namespace lineshaft::cli
