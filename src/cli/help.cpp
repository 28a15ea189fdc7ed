#include "cli/help.hpp"

#include <algorithm>
#include <format>

namespace lineshaft::cli {
namespace {

std::string names_of(const option& one) {
  auto text = one.brief.empty() ? "    " : one.brief + ", ";
  text += one.name;
  return one.value.empty() ? text : text + " " + one.value;
}

std::string operand_text(const operand& one) {
  auto text = one.name;
  if (one.most != 1) text += "…";
  return one.least == 0 ? "[" + text + "]" : text;
}

// Words wrapped at 80 columns, each line after the first one indented.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t column) {
  std::string out;
  std::size_t at = column;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    if (at + word.size() + 1 > 80 && at > indent) {
      out += "\n" + std::string(indent, ' ');
      at = indent;
    } else if (begin > 0) {
      out += ' ';
      ++at;
    }
    out += word;
    at += word.size();
    begin = end + 1;
  }
  return out;
}

std::string option_lines(const std::vector<option>& options) {
  constexpr std::size_t indent = 30;
  std::string text;
  for (const auto& one : options) {
    auto head = "  " + names_of(one);
    if (head.size() + 2 > indent) {
      text += head + "\n" + std::string(indent, ' ');
    } else {
      text += head + std::string(indent - head.size(), ' ');
    }
    text += wrapped(one.doc, indent, indent) + "\n";
  }
  return text;
}

std::string operand_lines(const verb& one) {
  std::string text;
  for (const auto& each : one.operands) text += std::format("  {:<27} {}\n", each.name, wrapped(each.doc, 30, 30));
  return text.empty() ? text : "\n" + text;
}

// For roff: what begins a request, or an escape.
std::string roff(std::string text) {
  for (std::size_t at = 0; (at = text.find('\\', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\e");
  for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\-");
  return text.starts_with('.') || text.starts_with('\'') ? "\\&" + text : text;
}

std::string roff_options(const std::vector<option>& options) {
  std::string text;
  for (const auto& one : options) {
    text += ".TP\n.B " + roff(one.brief.empty() ? one.name : one.brief + ", " + one.name);
    if (!one.value.empty()) text += " \\fI" + roff(one.value) + "\\fR";
    text += "\n" + roff(one.doc) + "\n";
  }
  return text;
}

constexpr std::string_view failure_shape =
    "{\"ok\", \"error\", \"try\"}, a line of standard output for each thing that could not be done; \"try\" may be "
    "null.";

constexpr auto exit_codes = R"(| 0 | done |
| 1 | something asked for could not be done |
| 2 | wrong usage, or an invalid pipeline file |
| 3 | no manager is running |
| 10 | of `run`: an essential worker failed for good |
)";

}  // namespace

std::string usage_of(const std::string& program, const verb& one) {
  auto text = program + " " + one.name;
  if (!one.options.empty()) text += " [OPTION…]";
  for (const auto& each : one.operands) text += (each.rest ? " -- " : " ") + operand_text(each);
  return text;
}

std::string help_of(const std::string& program, const std::vector<verb>& verbs, const std::vector<option>& common) {
  auto text = std::format(
      "usage: {} [-f FILE]… [-p PIPELINE] VERB …\n\nRuns a pipeline as supervised worker processes.\n\n", program);
  for (const auto& one : verbs) {
    if (!one.hidden) text += std::format("  {:<12} {}\n", one.name, wrapped(one.summary, 15, 15));
  }
  return text + "\nBefore or after the verb:\n" + option_lines(common) + "\n" +
         wrapped("What could not be done, with --json: " + std::string(failure_shape), 0, 0) +
         std::format("\n\n{} VERB --help says more of each.\n", program);
}

std::string help_of(const std::string& program, const verb& one, const std::vector<option>& common) {
  auto text = "usage: " + usage_of(program, one) + "\n\n" + wrapped(one.summary, 0, 0) + "\n";
  if (!one.description.empty()) text += "\n" + wrapped(one.description, 0, 0) + "\n";
  text += operand_lines(one);
  if (!one.json.empty()) text += "\n" + wrapped("With --json: " + one.json, 0, 0) + "\n";
  if (!one.options.empty()) text += "\n" + option_lines(one.options);
  return text + "\nCommon to all verbs:\n" + option_lines(common);
}

std::string command_page(const std::vector<verb>& verbs, const std::vector<option>& common) {
  const auto rows = [](const std::vector<option>& options) {
    std::string text = "| option | |\n|---|---|\n";
    for (const auto& one : options) {
      auto name = (one.brief.empty() ? "" : "`" + one.brief + "`, ") + "`" + one.name +
                  (one.value.empty() ? "" : " " + one.value) + "`";
      for (std::size_t at = 0; (at = name.find('|', at)) != std::string::npos; at += 2) name.insert(at, "\\");
      text += std::format("| {} | {} |\n", name, one.doc);
    }
    return text;
  };
  std::string text = R"(# The command

Made from the tables of verbs (`src/cli/cmd_*.cpp`) by `command_page_test.cpp`, which also compares it: do not edit it by hand.

`lineshaft [-f FILE]… [-p PIPELINE] VERB …`, and the same of every program whose `main` is `lineshaft::main`.

)" + rows(common) + "\n";
  for (const auto& one : verbs) {
    if (one.hidden) continue;
    text += std::format("## `{}`\n\n```\n{}\n```\n\n{}\n\n", one.name, usage_of("lineshaft", one), one.summary);
    if (!one.description.empty()) text += one.description + "\n\n";
    for (const auto& each : one.operands) text += std::format("- `{}`: {}\n", each.name, each.doc);
    if (!one.operands.empty()) text += "\n";
    if (!one.options.empty()) text += rows(one.options) + "\n";
    if (!one.json.empty()) text += "With `--json`: " + one.json + "\n\n";
  }
  text += "## What could not be done\n\nWith `--json`: " + std::string(failure_shape) + "\n\n";
  return text + "## Exit codes\n\n| code | |\n|---|---|\n" + exit_codes;
}

std::string man_page(const std::vector<verb>& verbs, const std::vector<option>& common) {
  std::string text = R"(.TH LINESHAFT 1 "" "Lineshaft" "User Commands"
.SH NAME
lineshaft \- runs a pipeline as supervised worker processes
.SH SYNOPSIS
.B lineshaft
[\fB\-f\fR \fIFILE\fR]... [\fB\-p\fR \fIPIPELINE\fR] \fIVERB\fR ...
.SH OPTIONS
Before or after the verb.
)" + roff_options(common) +
                     ".SH VERBS\n";
  for (const auto& one : verbs) {
    if (one.hidden) continue;
    text += ".SS " + roff(usage_of("lineshaft", one)) + "\n" + roff(one.summary) + "\n";
    if (!one.description.empty()) text += ".PP\n" + roff(one.description) + "\n";
    for (const auto& each : one.operands) text += ".TP\n.I " + roff(each.name) + "\n" + roff(each.doc) + "\n";
    text += roff_options(one.options);
    if (!one.json.empty()) text += ".PP\nWith \\-\\-json: " + roff(one.json) + "\n";
  }
  text += ".SH DIAGNOSTICS\nTo standard error. With \\-\\-json: " + roff(std::string(failure_shape)) + "\n";
  return text + R"(.SH EXIT STATUS
0 done; 1 something asked for could not be done; 2 wrong usage, or an invalid pipeline file; 3 no manager is running;
10 of
.BR run :
an essential worker failed for good.
.SH FILES
.I pipeline.toml
in the working directory, if no other file is named.
)";
}

}  // namespace lineshaft::cli
