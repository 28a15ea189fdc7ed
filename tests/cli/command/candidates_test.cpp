#include "cli/candidates.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::cli;

namespace {

std::vector<std::string> offered(const std::vector<std::string>& typed) {
  common chosen;
  const auto options = common_options(chosen);
  const auto all = candidates_for(all_verbs(), options, typed, [&] {
    std::vector<std::string> names{"a", "b-0"};
    for (const auto& file : chosen.files) names.push_back("of " + file);
    return names;
  });
  std::vector<std::string> words;
  if (all.files) words.push_back(":files");
  for (const auto& one : all.words) words.push_back(one.word);
  return words;
}

}  // namespace

TEST(candidates, are_what_may_stand_there) {
  const struct {
    std::vector<std::string> typed, offered;
  } rows[] = {
      {{"sta"}, {"status", "start"}},
      {{"nothing"}, {}},
      {{"status", ""}, {"a", "b-0"}},
      {{"status", "a", "b"}, {"b-0"}},
      {{"-f", "x", "sto"}, {"stop"}},
      {{"-f", ""}, {":files"}},
      {{"-f", "x", "--file=y", "stop", ""}, {"a", "b-0", "of x", "of y"}},
      {{"stop", "--file", "x", ""}, {"a", "b-0", "of x"}},
      {{"logs", "-f", ""}, {"a", "b-0"}},
      {{"logs", "--since", ""}, {}},
      {{"logs", "--since", "5m", "--fo"}, {"--follow"}},
      {{"--fi"}, {"--file"}},
      {{"up", "--w"}, {"--within"}},
      {{"wait", "--for", "re"}, {"ready"}},
      {{"completion", ""}, {"bash", "zsh", "fish"}},
      {{"completion", "zsh", ""}, {}},
      {{"scale", "b", ""}, {}},
      {{"scale", ""}, {"a", "b-0"}},
      {{"signal", ""}, {}},
      {{"signal", "HUP", ""}, {"a", "b-0"}},
      {{"init", ""}, {":files"}},
      {{"exec", ""}, {"a", "b-0"}},
      {{"exec", "a", ""}, {":files"}},
      {{"exec", "a", "--", "ls", "-"}, {":files"}},
      {{"version", ""}, {}},
  };
  for (const auto& row : rows) EXPECT_EQ(offered(row.typed), row.offered) << row.typed.back();
}

TEST(candidates, have_their_meaning_beside_them_and_hidden_verbs_are_not_among_them) {
  common ignored;
  const auto all = candidates_for(all_verbs(), common_options(ignored), {}, [] { return std::vector<std::string>(); });
  EXPECT_EQ(all.words.front(), (candidate{"init", all_verbs().front().summary}));
  for (const auto& one : all.words) EXPECT_NE(one.word, "complete");
}
