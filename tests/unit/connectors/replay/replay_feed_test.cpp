#include "replay/replay_feed.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "support/files.hpp"
#include "support/run.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// Time stands still, but for waits, which end at once and are written down.
struct waits {
  replay::pacer::time_point now{1000s};
  std::vector<std::chrono::milliseconds> made;
};

class test_clock final : public replay::replay_clock {
 public:
  explicit test_clock(waits& all) : waits_(all) {}
  replay::pacer::time_point now() override { return waits_.now; }
  asio::awaitable<void> wait_until(replay::pacer::time_point when) override {
    waits_.made.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(when - waits_.now));
    waits_.now = when;
    co_return;
  }

 private:
  waits& waits_;
};

class replay_feed : public testing::Test {
 protected:
  result<std::unique_ptr<replay::replay_feed>> open(replay::options how) {
    return replay::replay_feed::open(io_.get_executor(), std::move(how), std::make_unique<test_clock>(waits_));
  }
  std::string frame(std::string_view symbol, int second) {
    return "[{\"ev\":\"T\",\"sym\":\"" + std::string(symbol) +
           "\",\"t\":" + std::to_string(1'536'036'818'000 + second * 1000) + "}]\n";
  }

  asio::io_context io_{1};
  support::temporary_folder folder_;
  waits waits_;
};

// "17:MSFT,AAPL" for each frame, up to `limit` of them; at last how it ended.
asio::awaitable<std::vector<std::string>> read_all(feed& from, std::size_t limit = 1000) {
  std::vector<std::string> frames;
  while (frames.size() < limit) {
    const auto frame = co_await from.next();
    if (!frame) frames.push_back(frame.error().message());
    if (!frame || !*frame) break;
    std::string text = std::to_string((*frame)->line) + ":";
    for (const auto& event : (*frame)->events) text += (text.ends_with(':') ? "" : ",") + std::string(event.symbol);
    frames.push_back(text);
  }
  co_return frames;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_F(replay_feed, counts_bad_lines_names_the_first_and_goes_on) {
  const auto path =
      folder_.write("f.ndjson", frame("A", 0) + "nonsense\n\n" + "{}\n" + frame("B", 1) + "[]\n[1]\n" + frame("C", 2));
  const auto feed = open({.path = path}).value();
  EXPECT_EQ(support::run(io_, read_all(*feed)), (texts{"1:A", "5:B", "8:C"}));
  EXPECT_EQ(feed->decoding_errors(), 3U);
  EXPECT_TRUE(feed->first_decoding_error().starts_with(path + " line 2: not valid JSON"))
      << feed->first_decoding_error();
}

TEST_F(replay_feed, tells_tables_from_frames_by_name_or_by_the_first_line) {
  const std::string table = "date,open,high,low,close\n2018-05-14,1,2,3,4\nbad\n2018-05-15,1,2,3,4\n",
                    frames = frame("A", 0);
  const texts rows = {"2:AAPL", "4:AAPL"};
  for (const auto* name : {"aapl.csv", "aapl", "aapl.txt"}) {
    const auto feed = open({.path = folder_.write(name, table)}).value();
    EXPECT_EQ(support::run(io_, read_all(*feed)), rows) << name;
    EXPECT_EQ(feed->decoding_errors(), 1U);
    EXPECT_EQ(feed->first_decoding_error(), (folder_ / name) + " line 3: expected 5 columns, found 1");
  }
  for (const auto* name : {"x.ndjson", "x.jsonl.gz", "x"}) {
    const auto feed = open({.path = folder_.write(name, frames)}).value();
    EXPECT_EQ(support::run(io_, read_all(*feed)), texts{"1:A"}) << name;
  }
  const auto bad_first = open({.path = folder_.write("bad.ndjson", "oops\n" + frames)}).value();
  EXPECT_EQ(support::run(io_, read_all(*bad_first)), texts{"2:A"});
  EXPECT_EQ(open({.path = folder_.write("no.csv", "1,2,3\n")}).error().message(),
            "cannot read '" + (folder_ / "no.csv") +
                "' line 1: expected a header with date, open, high, low and close: there is no date in '1,2,3'");
  const auto empty = open({.path = folder_.write("empty.csv", "")}).value();
  EXPECT_EQ(support::run(io_, read_all(*empty)), texts{});
}

TEST_F(replay_feed, gives_only_the_symbol_that_is_asked_for) {
  const auto path =
      folder_.write("f.ndjson", frame("A", 0) + "[{\"ev\":\"T\",\"sym\":\"B\"},{\"sym\":\"A\"},{\"sym\":\"B\"}]\n");
  const auto feed = open({.path = path, .symbol = "B"}).value();
  EXPECT_EQ(support::run(io_, read_all(*feed)), texts{"2:B,B"});
  const auto table =
      open({.path = folder_.write("t.csv", "date,open,high,low,close\n2018-05-14,1,2,3,4\n"), .symbol = "Z"}).value();
  EXPECT_EQ(support::run(io_, read_all(*table)), texts{"2:Z"});
}

TEST_F(replay_feed, waits_as_the_events_times_say) {
  const auto path = folder_.write("f.ndjson", frame("A", 0) + frame("B", 10) + frame("C", 5) + frame("D", 40));
  const auto feed = open({.path = path, .speed = 10}).value();
  EXPECT_EQ(support::run(io_, read_all(*feed)), (texts{"1:A", "2:B", "3:C", "4:D"}));
  EXPECT_EQ(waits_.made, (std::vector<std::chrono::milliseconds>{1000ms, 3000ms}));
  const auto fast = open({.path = path}).value();
  support::run(io_, read_all(*fast));
  EXPECT_EQ(waits_.made.size(), 2U);
}

TEST_F(replay_feed, begins_again_when_it_loops) {
  const auto path = folder_.write("f.ndjson", frame("A", 0) + frame("B", 1));
  const auto feed = open({.path = path, .speed = 1, .loop = true}).value();
  EXPECT_EQ(support::run(io_, read_all(*feed, 5)), (texts{"1:A", "2:B", "1:A", "2:B", "1:A"}));
  EXPECT_EQ(waits_.made, (std::vector<std::chrono::milliseconds>{1000ms, 1000ms}));
  const auto table =
      open({.path = folder_.write("t.csv", "date,open,high,low,close\n2018-05-14,1,2,3,4\n"), .loop = true}).value();
  EXPECT_EQ(support::run(io_, read_all(*table, 2)), (texts{"2:T", "2:T"}));
  EXPECT_EQ(table->decoding_errors(), 0U);
  const auto day = folder_.write("d.csv", "date,open,high,low,close,volume\n2018-05-14,1,2,3,4,5\n");
  const auto again = open({.path = day, .loop = true}).value();
  for (int round = 0; round < 2; ++round) {
    const auto bar = support::run(io_, again->next()).value();
    EXPECT_TRUE(bar->events.front().json.contains("\"av\":5,")) << "the day begins again, too";
  }
  const auto nothing = open({.path = folder_.write("n.ndjson", "[]\nbad\n"), .loop = true}).value();
  EXPECT_EQ(support::run(io_, read_all(*nothing)),
            texts{"cannot replay '" + (folder_ / "n.ndjson") + "' again and again: there is no event in it"});
}

TEST_F(replay_feed, lets_the_event_loop_run_and_stops_when_it_is_cancelled) {
  const auto path = folder_.write("f.ndjson", frame("A", 0));
  const auto feed = open({.path = path, .loop = true}).value();
  asio::cancellation_signal cancel;
  std::optional<texts> read;
  asio::co_spawn(
      io_, read_all(*feed, 1'000'000'000),
      asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, texts frames) { read = std::move(frames); }));
  // Nothing but its own yielding lets this come through.
  for (int i = 0; i < 20; ++i) io_.run_one();
  cancel.emit(asio::cancellation_type::terminal);
  io_.run();
  EXPECT_TRUE(read);
}

TEST_F(replay_feed, is_opened_by_its_url) {
  const auto path = folder_.write("aapl.csv", "Date,Open,High,Low,Close,Volume\n2018-05-14,1,2,3,4,5\n");
  const auto feed = support::run(io_, open_feed(io_.get_executor(), "replay:" + path + "?speed=100&symbol=X"));
  ASSERT_TRUE(feed);
  EXPECT_EQ(support::run(io_, read_all(**feed)), texts{"2:X"});
  EXPECT_EQ(support::run(io_, open_feed(io_.get_executor(), "replay:/none/such")).error().message(),
            "cannot open '/none/such': No such file or directory");
  EXPECT_EQ(support::run(io_, open_feed(io_.get_executor(), "reply:x")).error().message(),
            "there is no feed 'reply:x'; schemes here: replay: Invalid argument");
}
