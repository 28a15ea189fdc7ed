#include "cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <iostream>

#include "cli/help.hpp"
#include "cli/terminal.hpp"
#include "config/fault.hpp"

namespace lineshaft::cli {
namespace {

void add(CLI::App& app, const option& one) {
  const auto names = one.brief.empty() ? one.name : one.brief + "," + one.name;
  if (one.value.empty()) {
    app.add_flag_callback(names, [&one] { one.take(""); });
    return;
  }
  app.add_option_function<std::vector<std::string>>(names,
                                                    [&one](const std::vector<std::string>& given) {
                                                      for (const auto& each : given) {
                                                        if (const auto problem = one.take(each); !problem.empty())
                                                          throw CLI::ValidationError(one.name, problem);
                                                      }
                                                    })
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

void add(CLI::App& app, const operand& one) {
  if (one.rest) return;
  auto* made = app.add_option(one.name, *one.into);
  made->expected(static_cast<int>(one.least),
                 one.most == 0 ? CLI::detail::expected_max_vector_size : static_cast<int>(one.most));
  if (one.least > 0) made->required();
  if (one.least == 1 && one.most == 1) made->allow_extra_args(false);  // what follows is the next one's
}

class parser {
 public:
  parser(const std::string& program, const std::vector<verb>& verbs, const std::vector<option>& common)
      : program_(program), verbs_(verbs), common_(common), app_("", program) {
    app_.set_help_flag("");
    app_.add_flag("-h,--help", wants_help_);
    app_.add_flag("--version", wants_version_);
    for (const auto& one : common) add(app_, one);
    for (const auto& one : verbs) add_verb(one);
    app_.require_subcommand(0, 1);
  }

  parsed parse(int argc, char** argv) {
    std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    set_rest_aside(words);
    wants_json_ = std::ranges::contains(words, "--json");
    std::ranges::reverse(words);  // as CLI11 takes them
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ParseError& problem) {
      return refuse(problem);
    }
    const auto* chosen = this->chosen();
    if (wants_version_) return {find("version"), done};
    if (wants_help_ || chosen == nullptr) return help(chosen);
    if (const auto problem = take_rest(*chosen); !problem.empty()) return complain(problem, chosen);
    if (const auto problem = wrong_word(*chosen); !problem.empty()) return complain(problem, chosen);
    return {chosen, done};
  }

 private:
  void add_verb(const verb& one) {
    auto* sub = app_.add_subcommand(one.name);
    sub->fallthrough();
    sub->set_help_flag("");
    sub->add_flag("-h,--help", wants_help_);
    for (const auto& each : one.options) add(*sub, each);
    for (const auto& each : one.operands) {
      if (each.rest) {
        sub->prefix_command();
        sub->fallthrough(false);
      }
      add(*sub, each);
    }
  }

  const verb* find(const std::string& name) const {
    const auto at = std::ranges::find(verbs_, name, &verb::name);
    return at == verbs_.end() ? nullptr : &*at;
  }
  const verb* chosen() const {
    const auto subs = app_.get_subcommands();
    return subs.empty() ? nullptr : find(subs.front()->get_name());
  }

  // What stands after `--` of a verb that takes it as it is: CLI11 would look for options in it.
  void set_rest_aside(std::vector<std::string>& words) {
    const bool takes_rest = std::ranges::any_of(verbs_, [&](const verb& one) {
      return std::ranges::any_of(one.operands, &operand::rest) && std::ranges::contains(words, one.name);
    });
    const auto mark = std::ranges::find(words, "--");
    if (!takes_rest || mark == words.end()) return;
    rest_.assign(mark + 1, words.end());
    words.erase(mark, words.end());
  }

  // `exec NAME COMMAND…`, with or without a `--` between them.
  std::string take_rest(const verb& one) const {
    for (const auto& each : one.operands) {
      if (!each.rest) continue;
      *each.into = app_.get_subcommands().front()->remaining();
      each.into->insert(each.into->end(), rest_.begin(), rest_.end());
      if (each.into->size() < each.least) return each.name + " is required";
    }
    return {};
  }

  static std::string wrong_word(const verb& one) {
    for (const auto& each : one.operands) {
      for (const auto& given : *each.into) {
        if (!each.words.empty() && !std::ranges::contains(each.words, given))
          return "'" + given + "' is not expected here: " + each.doc;
      }
    }
    return {};
  }

  parsed help(const verb* chosen) const {
    if (!wants_help_ && wants_json_) return complain("no verb was given", nullptr);
    const auto text = chosen != nullptr ? help_of(program_, *chosen, common_) : help_of(program_, verbs_, common_);
    // Nothing was asked for: that is no success.
    (wants_help_ ? std::cout : std::cerr) << text;
    return {nullptr, wants_help_ ? done : wrong_usage};
  }

  parsed refuse(const CLI::ParseError& problem) const {
    if (wants_help_) return help(chosen());
    std::string text = problem.what();
    if (dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr) text = unexpected();
    if (text.ends_with('\n')) text.pop_back();
    return complain(text, chosen());
  }

  std::string unexpected() const {
    const auto extra = app_.remaining(true);
    const auto first = extra.empty() ? std::string() : extra.front();
    if (chosen() != nullptr || first.starts_with('-')) return "'" + first + "' is not expected here";
    std::vector<std::string> names;
    for (const auto& one : verbs_) {
      if (!one.hidden) names.push_back(one.name);
    }
    const auto hint = config::did_you_mean(first, names);
    return "there is no verb '" + first + "'" + (hint.empty() ? "" : "; " + hint);
  }

  parsed complain(const std::string& text, const verb* about) const {
    const auto next = program_ + (about == nullptr ? "" : " " + about->name) + " --help";
    if (wants_json_) {
      std::cout << boost::json::serialize(failure(text, next)) << '\n';
    } else {
      std::cerr << program_ << ": " << text << "\ntry: " << next << '\n';
    }
    return {nullptr, wrong_usage};
  }

  const std::string& program_;
  const std::vector<verb>& verbs_;
  const std::vector<option>& common_;
  CLI::App app_;
  std::vector<std::string> rest_;
  bool wants_help_ = false, wants_version_ = false, wants_json_ = false;
};

}  // namespace

parsed parse(const std::string& program, const std::vector<verb>& verbs, const std::vector<option>& common, int argc,
             char** argv) {
  return parser(program, verbs, common).parse(argc, argv);
}

}  // namespace lineshaft::cli
