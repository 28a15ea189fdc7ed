#include "telemetry/log_line.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

using namespace lineshaft::telemetry;
using namespace std::chrono_literals;

namespace {

log_line example() {
  return {.time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 20h + 15min + 1s + 123456us,
          .logger = "feed-0",
          .level = log_level::warn,
          .file = "feed.cpp",
          .function = "void f()",
          .line = 7,
          .pid = 11,
          .thread = 12,
          .message = "the queue is full",
          .trace_id = "0af7651916cd43dd8448eb211c80319c",
          .span_id = "b7ad6b7169203331"};
}

}  // namespace

TEST(LogLine, IsTextForPeople) {
  EXPECT_EQ(text_of(example()), "2026-11-24T20:15:01.123Z warn  feed-0: the queue is full\n");
}

TEST(LogLine, IsTextThatAnyTerminalTakes) {
  auto line = example();
  line.message = "a\xff";
  EXPECT_TRUE(text_of(line).ends_with(": a\xef\xbf\xbd\n"));
}

TEST(LogLine, IsAnObjectWithAllThatIsKnown) {
  const auto text = json_of(example());
  EXPECT_TRUE(text.ends_with("}\n"));
  EXPECT_EQ(boost::json::parse(text), boost::json::value({{"timestamp", "2026-11-24T20:15:01.123456Z"},
                                                          {"logger", "feed-0"},
                                                          {"level", "warn"},
                                                          {"file", "feed.cpp"},
                                                          {"function", "void f()"},
                                                          {"line", 7},
                                                          {"pid", 11},
                                                          {"thread", 12},
                                                          {"message", "the queue is full"},
                                                          {"trace_id", "0af7651916cd43dd8448eb211c80319c"},
                                                          {"span_id", "b7ad6b7169203331"}}));
}

TEST(LogLine, LeavesOutWhatIsNotKnown) {
  auto line = example();
  line.line = 0;
  line.trace_id.clear();
  const auto object = boost::json::parse(json_of(line)).as_object();
  for (const auto* key : {"file", "function", "line", "trace_id", "span_id"}) EXPECT_FALSE(object.contains(key)) << key;
}

TEST(LogLine, IsOneLineOfGoodJsonWhateverTheMessageIs) {
  auto line = example();
  line.message = "a\n\"b\"\\\x01\xff";
  const auto text = json_of(line);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_EQ(boost::json::parse(text).at("message"), "a\n\"b\"\\\x01\xef\xbf\xbd");
}
