#include "replay/frame_decoder.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <random>

#include "replay/line_reader.hpp"

using namespace lineshaft;

namespace {

// Decodes with the padding that the decoder may read.
class frames {
 public:
  std::optional<std::string> decode(std::string_view line) {
    line_ = line;
    line_.append(replay::line_reader::padding, '\0');
    events.clear();
    return decoder_->decode(std::string_view(line_).substr(0, line.size()), events);
  }
  std::vector<feed_event> events;

 private:
  std::string line_;
  std::unique_ptr<replay::decoder> decoder_ = replay::make_frame_decoder();
};

const std::string trade =
    R"({"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328})";
const std::string aggregate = R"({"ev":"A","sym":"SPCE","v":200,"s":1610144868000,"e":1610144869000})";
const std::string halt =
    R"({"ev":"LULD","T":"MSFT","h":218.96,"l":198.11,"i":[21],"z":3,"t":1601316752683746,"q":290317})";

}  // namespace

TEST(frame_decoder, reads_the_events_of_a_frame) {
  frames frames;
  EXPECT_EQ(frames.decode("[" + trade + " , " + aggregate + "," + halt + "]"), std::nullopt);
  ASSERT_EQ(frames.events.size(), 3U);
  struct row {
    std::string json, type, symbol;
    std::int64_t time;
  };
  const row rows[] = {{trade, "T", "MSFT", 1536036818784},
                      {aggregate, "A", "SPCE", 1610144869000},
                      {halt, "LULD", "MSFT", 1601316752683}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(frames.events[i].json, rows[i].json);
    EXPECT_EQ(frames.events[i].type, rows[i].type);
    EXPECT_EQ(frames.events[i].symbol, rows[i].symbol);
    EXPECT_EQ(frames.events[i].time.count(), rows[i].time);
  }
}

TEST(frame_decoder, passes_over_a_mark_of_byte_order) {
  frames frames;
  EXPECT_EQ(frames.decode("\xEF\xBB\xBF\xEF\xBB\xBF[" + trade + "]"), std::nullopt);
  ASSERT_EQ(frames.events.size(), 1U);
  EXPECT_EQ(frames.events[0].json, trade);
}

TEST(frame_decoder, leaves_empty_what_an_event_does_not_say) {
  frames frames;
  EXPECT_EQ(frames.decode(R"([{}, {"ev":7,"sym":null,"t":"soon"}])"), std::nullopt);
  ASSERT_EQ(frames.events.size(), 2U);
  for (const auto& event : frames.events) {
    EXPECT_EQ(event.type, "");
    EXPECT_EQ(event.symbol, "");
    EXPECT_EQ(event.time.count(), 0);
  }
  EXPECT_EQ(frames.decode("[]"), std::nullopt);
  EXPECT_TRUE(frames.events.empty());
}

TEST(frame_decoder, refuses_a_line_that_is_no_frame_as_a_whole) {
  frames frames;
  const std::pair<std::string, std::string> rows[] = {
      {"nonsense", "not valid JSON"},
      {"[" + trade, "not valid JSON"},
      {"[" + trade + "] x", "not valid JSON"},
      {R"([{"ev":"T","p":1.2.3}])", "not valid JSON"},
      {"[{\"ev\":\"\xff\"}]", "not valid JSON"},
      {std::string("[{\"ev\":\"T\0\"}]", 14), "not valid JSON"},
      {"{}", "expected an array of events"},
      {trade, "expected an array of events"},
      {"17", "expected an array of events"},
      {"[" + trade + ",17]", "event 2 is no object"},
      {"[[" + trade + "]]", "event 1 is no object"},
  };
  for (const auto& [line, why] : rows) {
    const auto refused = frames.decode(line);
    ASSERT_TRUE(refused) << line;
    EXPECT_TRUE(refused->starts_with(why)) << line << ": " << *refused;
    EXPECT_TRUE(frames.events.empty());
  }
}

TEST(frame_decoder, splits_an_array_at_its_own_commas_only) {
  const std::pair<const char*, std::vector<std::string_view>> rows[] = {
      {"[]", {}},
      {" [ ] ", {}},
      {R"([{"a":"x,y]}"},{"b":[1,{"c":2}]}])", {R"({"a":"x,y]}"})", R"({"b":[1,{"c":2}]})"}},
      {R"([{"a":"\",\\"} ,	{}])", {R"({"a":"\",\\"})", "{}"}},
      {R"(["s" , 1,null])", {"\"s\"", "1", "null"}},
  };
  for (const auto& [array, expected] : rows) {
    std::vector<std::string_view> elements;
    replay::split_array(array, elements);
    EXPECT_EQ(elements, expected) << array;
  }
}

TEST(frame_decoder, gives_valid_json_or_refuses_whatever_happened_to_a_line) {
  frames frames;
  std::mt19937 random(21);
  const std::string line = "[" + trade + "," + aggregate + ", " + halt + "]";
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto broken = line;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const auto at = random() % broken.size();
      if (random() % 3 == 0)
        broken.erase(at, 1 + random() % 5);
      else if (random() % 2 == 0)
        broken[at] = "[]{},:\"\\0a "[random() % 11];
      else
        broken.insert(at, 1, "[]{},:\"\\0a "[random() % 11]);
    }
    if (frames.decode(broken)) continue;
    ++accepted;
    for (const auto& event : frames.events) {
      boost::system::error_code ec;
      const auto parsed = boost::json::parse(event.json, ec);
      ASSERT_TRUE(!ec && parsed.is_object()) << broken << '\n' << event.json;
    }
  }
  EXPECT_GT(accepted, 100);
}
