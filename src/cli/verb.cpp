#include "cli/verb.hpp"

#include <algorithm>

#include "config/texts.hpp"

namespace lineshaft::cli {

option flag(std::string name, std::string brief, std::string doc, bool& set) {
  return {std::move(name), std::move(brief), "", std::move(doc), [&set](const std::string&) {
            set = true;
            return std::string();
          }};
}

option text_option(std::string name, std::string brief, std::string value, std::string doc, std::string& into) {
  return {std::move(name), std::move(brief), std::move(value), std::move(doc), [&into](const std::string& given) {
            into = given;
            return std::string();
          }};
}

option duration_option(std::string name, std::string brief, std::string doc,
                       std::optional<std::chrono::milliseconds>& into) {
  return {std::move(name), std::move(brief), "TIME", std::move(doc), [&into](const std::string& given) {
            const auto span = config::parse_duration(given);
            if (!span) return "'" + given + "' " + span.error() + "; a duration such as 500ms, 10s or 5m is expected";
            into = *span;
            return std::string();
          }};
}

option word_option(std::string name, std::string doc, std::vector<std::string> words, std::string& into) {
  auto value = std::string();
  for (const auto& word : words) value += (value.empty() ? "" : "|") + word;
  return {std::move(name),
          "",
          value,
          std::move(doc),
          [&into, words, value](const std::string& given) {
            if (!std::ranges::contains(words, given)) return "'" + given + "' is none of " + value;
            into = given;
            return std::string();
          },
          words,
          completes::words};
}

std::vector<option> common_options(common& into) {
  const auto append = [](std::vector<std::string>& list) {
    return [&list](const std::string& given) {
      list.push_back(given);
      return std::string();
    };
  };
  return {
      {"--file",
       "-f",
       "FILE",
       "A pipeline file; several are merged in order. Without: pipeline.toml, where there is one.",
       append(into.files),
       {},
       completes::files},
      text_option("--pipeline", "-p", "PIPELINE", "The name of a running pipeline, in place of its file.",
                  into.pipeline),
      {"--profile", "", "PROFILE", "Workers with this profile are there, too. May be given several times.",
       append(into.profiles)},
      flag("--json", "", "JSON in place of text.", into.json),
      word_option("--color", "Colours: on a terminal, always or never. NO_COLOR turns them off, too.",
                  {"auto", "always", "never"}, into.color),
  };
}

}  // namespace lineshaft::cli
