#include "lineshaft/options.hpp"

#include <gtest/gtest.h>

#include <boost/describe/class.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <vector>

namespace {

struct feed_options {
  lineshaft::required<std::string> feed;
  int every_ms = 1000;
  unsigned batch = 8;
  bool loop = false;
  double speed = 1;
  std::vector<std::string> symbols;
};
BOOST_DESCRIBE_STRUCT(feed_options, (), (feed, every_ms, batch, loop, speed, symbols))

std::string problem_of(std::string_view json) {
  auto options = lineshaft::options_from_json<feed_options>(boost::json::parse(json).as_object());
  return options ? "none" : options.error().doing;
}

}  // namespace

TEST(options, keep_their_defaults_where_no_value_is_given) {
  auto options = lineshaft::options_from_json<feed_options>({{"feed", "x"}});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->feed.value, "x");
  EXPECT_EQ(options->every_ms, 1000);
}

TEST(options, come_back_as_they_were_sent) {
  const feed_options sent{
      .feed = "replay:x", .every_ms = 7, .batch = 9, .loop = true, .speed = 2.5, .symbols = {"A", "B"}};
  auto options = lineshaft::options_from_json<feed_options>(lineshaft::options_to_json(sent));
  ASSERT_TRUE(options);
  EXPECT_EQ(options->every_ms, 7);
  EXPECT_EQ(options->speed, 2.5);
  EXPECT_EQ(options->symbols, (std::vector<std::string>{"A", "B"}));
}

TEST(options, name_the_field_that_is_wrong_missing_or_unknown) {
  const struct {
    const char* json;
    const char* problem;
  } rows[] = {
      {R"({})", "option 'feed' is missing: text is needed"},
      {R"({"feed": 3})", "option 'feed' is 3, expected text"},
      {R"({"feed": "x", "every_ms": "soon"})", "option 'every_ms' is \"soon\", expected a whole number"},
      {R"({"feed": "x", "every_ms": 1.5})", "option 'every_ms' is 1.5E0, expected a whole number"},
      {R"({"feed": "x", "batch": -1})",
       "option 'batch' is -1, expected a whole number that is not negative, from 0 to 4294967295"},
      {R"({"feed": "x", "every_ms": 3000000000})",
       "option 'every_ms' is 3000000000, expected a whole number, from -2147483648 to 2147483647"},
      {R"({"feed": "x", "loop": 1})", "option 'loop' is 1, expected true or false"},
      {R"({"feed": "x", "sped": 1})",
       "there is no option 'sped'; there are: feed, every_ms, batch, loop, speed, symbols"},
  };
  for (const auto& row : rows) EXPECT_EQ(problem_of(row.json), row.problem) << row.json;
}
