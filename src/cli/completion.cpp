#include "cli/completion.hpp"

#include <algorithm>
#include <format>
#include <string_view>

namespace lineshaft::cli {
namespace {

// {0} is the program's name, {1} that of a function. The program is called as it was typed: it may not be in PATH.
constexpr std::string_view bash = R"(# bash completion of {0}
{1}() {{
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = :files ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}")
    else
      COMPREPLY+=("${{line%%$'\t'*}}")
    fi
  done < <("${{1/#\~\//$HOME/}}" complete -- "${{COMP_WORDS[@]:1:COMP_CWORD}}" 2>/dev/null)
}}
complete -F {1} {0}
)";

constexpr std::string_view zsh = R"(#compdef {0}
# zsh completion of {0}
{1}() {{
  local line
  local -a described
  for line in "${{(@f)$(${{~words[1]}} complete -- "${{(@)words[2,CURRENT]}}" 2>/dev/null)}}"; do
    if [[ $line == :files ]]; then
      _files
    elif [[ -n $line ]]; then
      described+=("${{${{line//:/\\:}}/$'\t'/:}}")
    fi
  done
  (( $#described )) && _describe -V {0} described
}}
if [[ $funcstack[1] == {1} ]]; then {1} "$@"; else compdef {1} {0}; fi
)";

constexpr std::string_view fish = R"(# fish completion of {0}
function _{1}
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] complete -- $words[2..] 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c {0} -f -k -a '(_{1})'
)";

std::string function_name(std::string program) {
  std::ranges::replace_if(
      program, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); },
      '_');
  return "_" + program;
}

}  // namespace

std::string completion_script(const std::string& shell, const std::string& program) {
  const auto function = function_name(program);
  return std::vformat(shell == "zsh" ? zsh : shell == "fish" ? fish : bash, std::make_format_args(program, function));
}

}  // namespace lineshaft::cli
