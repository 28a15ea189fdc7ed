#pragma once
// One verb of the command as a table: what it takes, what it says of itself, and what it does. Parsing, help, man
// page, completions and reference are made from these tables.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/invocation.hpp"

namespace lineshaft::cli {

/// What may stand where a value is expected, for completions.
enum class completes { nothing, files, workers, words };

struct option {
  std::string name;   ///< "--within"
  std::string brief;  ///< "-w"; empty: none
  std::string value;  ///< "TIME"; empty: a flag
  std::string doc;
  /// Takes the text, "" of a flag; gives what is wrong with it, else nothing.
  std::function<std::string(const std::string&)> take;
  std::vector<std::string> words = {};  ///< that are allowed; empty: anything
  completes with = completes::nothing;
};

struct operand {
  std::string name;  ///< "NAME"
  std::string doc;
  std::size_t least = 0, most = 0;  ///< most 0: any number
  std::vector<std::string>* into = nullptr;
  completes with = completes::nothing;
  std::vector<std::string> words = {};
  bool rest = false;  ///< everything from the first one on belongs to it, whatever it looks like
};

struct verb {
  std::string name;
  std::string summary;      ///< one line
  std::string description;  ///< paragraphs; empty: the summary says it
  std::string json;         ///< what --json prints; empty: nothing of its own
  std::vector<option> options;
  std::vector<operand> operands;
  std::function<int(const invocation&)> run;
  std::shared_ptr<void> kept = {};  ///< what the functions above refer to
  bool hidden = false;
};

// The options that several verbs share.
option flag(std::string name, std::string brief, std::string doc, bool& set);
option text_option(std::string name, std::string brief, std::string value, std::string doc, std::string& into);
option duration_option(std::string name, std::string brief, std::string doc,
                       std::optional<std::chrono::milliseconds>& into);
option word_option(std::string name, std::string doc, std::vector<std::string> words, std::string& into);

/// All of them, in the order of the help.
std::vector<verb> all_verbs();
/// -f, -p, --profile, --json, --color: before or after the verb.
std::vector<option> common_options(common& into);

}  // namespace lineshaft::cli
