#include "cli/completion.hpp"

#include <algorithm>
#include <format>

namespace lineshaft::cli {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between = " ") {
  std::string text;
  for (const auto& one : words) text += (text.empty() ? "" : std::string(between)) + one;
  return text;
}

// A function's name for a program's.
std::string identifier(std::string name) {
  std::ranges::replace_if(
      name, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); }, '_');
  return "_" + name;
}

std::string quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 4) text.replace(at, 1, "'\\''");
  return "'" + text + "'";
}

std::vector<std::string> names_of(const std::vector<option>& options) {
  std::vector<std::string> names;
  for (const auto& one : options) names.push_back(one.name);
  return names;
}

bool takes_workers(const verb& one) {
  return std::ranges::any_of(one.operands, [](const auto& each) { return each.with == completes::workers; });
}

std::vector<std::string> words_of(const verb& one) {
  std::vector<std::string> words;
  for (const auto& each : one.operands) std::ranges::copy(each.words, std::back_inserter(words));
  return words;
}

std::string bash(const std::string& program, const std::vector<verb>& verbs, const std::vector<option>& common) {
  std::vector<std::string> names;
  std::string cases, values;
  for (const auto& one : verbs) {
    if (one.hidden) continue;
    names.push_back(one.name);
    auto words = names_of(one.options);
    std::ranges::copy(words_of(one), std::back_inserter(words));
    const auto workers = takes_workers(one) ? std::format(" $({} names 2>/dev/null)", program) : "";
    cases += std::format("    {}) words=\"{}{}\" ;;\n", one.name, joined(words), workers);
    for (const auto& each : one.options) {
      if (!each.words.empty())
        values += std::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n", each.name,
                              joined(each.words));
    }
  }
  for (const auto& each : common) {
    if (each.with == completes::files)
      values += std::format("    {}|{}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n", each.name, each.brief);
    if (!each.words.empty())
      values += std::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n", each.name,
                            joined(each.words));
  }
  return std::format(R"(# bash completion of {0}
{1}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} verb="" words="" word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case " {2} " in *" $word "*) verb=$word; break ;; esac
  done
  case $before in
{3}  esac
  case $verb in
    "") words="{2}" ;;
{4}  esac
  COMPREPLY=($(compgen -W "$words {5}" -- "$current"))
}}
complete -F {1} {0}
)",
                     program, identifier(program), joined(names), values, cases, joined(names_of(common)));
}

std::string zsh(const std::string& program, const std::vector<verb>& verbs, const std::vector<option>& common) {
  const auto spec = [](const option& one) {
    auto doc = one.doc;
    std::erase_if(doc, [](char c) { return c == '[' || c == ']' || c == ':'; });
    const auto value = one.value.empty() ? std::string()
                                         : ":" + one.name.substr(2) + ":" +
                                               (one.with == completes::files ? "_files"
                                                : one.words.empty()          ? " "
                                                                             : "(" + joined(one.words) + ")");
    return quoted(one.name + "[" + doc + "]" + value);
  };
  std::string list, cases, shared;
  for (const auto& one : common) shared += " " + spec(one);
  for (const auto& one : verbs) {
    if (one.hidden) continue;
    list += "    " + quoted(one.name + ":" + one.summary) + "\n";
    cases += "      " + one.name + ") _arguments" + shared;
    for (const auto& each : one.options) cases += " " + spec(each);
    if (takes_workers(one)) cases += std::format(" '*:worker:($({} names 2>/dev/null))'", program);
    if (const auto words = words_of(one); !words.empty()) cases += " '*:word:(" + joined(words) + ")'";
    cases += " ;;\n";
  }
  return std::format(R"(#compdef {0}
# zsh completion of {0}
{1}() {{
  local -a verbs
  verbs=(
{2}  )
  _arguments -C{3} '1: :->verb' '*:: :->rest'
  case $state in
    verb) _describe verb verbs ;;
    rest) case $words[1] in
{4}    esac ;;
  esac
}}
{1} "$@"
)",
                     program, identifier(program), list, shared, cases);
}

std::string fish(const std::string& program, const std::vector<verb>& verbs, const std::vector<option>& common) {
  std::string text = std::format("# fish completion of {}\ncomplete -c {} -f\n", program, program);
  const auto line = [&](const option& one, const std::string& when) {
    text += std::format("complete -c {}{} -l {}", program, when, one.name.substr(2));
    if (!one.brief.empty()) text += " -s " + one.brief.substr(1);
    if (!one.value.empty()) text += one.with == completes::files ? " -r -F" : " -x";
    if (!one.words.empty()) text += " -a " + quoted(joined(one.words));
    text += " -d " + quoted(one.doc) + "\n";
  };
  for (const auto& one : common) line(one, "");
  for (const auto& one : verbs) {
    if (one.hidden) continue;
    text +=
        std::format("complete -c {} -n __fish_use_subcommand -a {} -d {}\n", program, one.name, quoted(one.summary));
    const auto when = std::format(" -n '__fish_seen_subcommand_from {}'", one.name);
    for (const auto& each : one.options) line(each, when);
    if (takes_workers(one))
      text += std::format("complete -c {}{} -a '({} names 2>/dev/null)'\n", program, when, program);
    if (const auto words = words_of(one); !words.empty())
      text += std::format("complete -c {}{} -a {}\n", program, when, quoted(joined(words)));
  }
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell, const std::string& program, const std::vector<verb>& verbs,
                              const std::vector<option>& common) {
  if (shell == "zsh") return zsh(program, verbs, common);
  if (shell == "fish") return fish(program, verbs, common);
  return bash(program, verbs, common);
}

}  // namespace lineshaft::cli
