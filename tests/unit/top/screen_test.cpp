// What is on a terminal of 80 columns and 24 lines.
#include "top/screen.hpp"

#include <gmock/gmock.h>

#include <ftxui/screen/screen.hpp>

#include "unit/top/statuses.hpp"

using namespace lineshaft::top;
using namespace std::chrono_literals;
using statuses::of;
using statuses::worker;
using testing::HasSubstr;
using testing::Not;

namespace {

// Blanks at the ends of lines taken away.
std::string drawn(const model& seen, const surroundings& around, int height = 24, int width = 80) {
  auto screen = ftxui::Screen::Create(ftxui::Dimension::Fixed(width), ftxui::Dimension::Fixed(height));
  ftxui::Render(screen, draw(seen, around, {width, height}));
  std::string text;
  for (int y = 0; y < height; ++y) {
    std::string line;
    for (int x = 0; x < width; ++x) line += screen.PixelAt(x, y).character;
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

model of_three() {
  model seen;
  auto failed = worker("crasher", "failed", 5, 4);
  failed["error"] = "exited 3; not started again: 3 restarts in 60 s";
  auto waits = worker("processor-0", "running", 10, 2);
  waits["after"] = boost::json::array{"listener"};
  auto again = waits;
  seen.saw(of({worker("listener", "running", 1000), waits, failed}), time_point(1h));
  again["processed"] = 1510;
  seen.saw(of({worker("listener", "running", 4000), again, failed}), time_point(1h + 1s));
  seen.measured({{100, {seconds(1), 0}}}, time_point(1h));
  seen.measured({{100, {seconds(1.5), 3 << 20}}}, time_point(1h + 1s));
  return seen;
}

}  // namespace

TEST(screen, shows_a_line_for_each_worker) {
  surroundings around;
  around.events = {"17:00:00 listener ready"};
  EXPECT_EQ(drawn(of_three(), around),
            "test  2 of 3 ready  process 7  up 65s                                    by name\n"
            "\n"
            "WORKER         STATE          PID  RATE/S              AGE  CPU%   MEM RES\n"
            "crasher        failed      exited 3; not started again: 3 restarts in 60 s\n"
            "listener       running        100    3.0k          █  0.1s  50.0  3.0M   0\n"
            "processor-0    running        100    1.5k          █  0.1s  50.0  3.0M   1\n"
            "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
            "17:00:00 listener ready\n"
            "s start  x stop  r restart  +/- scale  / filter  o order  t tree  ? help  q quit\n");
}

TEST(screen, says_how_to_get_help_and_out_however_narrow_it_is) {
  EXPECT_THAT(drawn(of_three(), {}, 24, 120), HasSubstr("\nEnter details  s start "));
  for (const int width : {40, 60, 80, 120})
    EXPECT_THAT(drawn(of_three(), {}, 24, width), HasSubstr("? help  q quit\n"));
}

TEST(screen, names_are_whole_where_there_is_room_and_tell_replicas_apart_where_there_is_none) {
  const std::string name = "market-data-processor-of-frankfurt";
  model seen;
  seen.saw(of({worker(name + "-0", "running"), worker(name + "-1", "running")}), time_point(1h));
  const auto wide = drawn(seen, {}, 24, 120);
  EXPECT_THAT(wide, HasSubstr(name + "-0 running")) << wide;
  const auto narrow = drawn(seen, {});
  EXPECT_THAT(narrow, HasSubstr("market-data-process…ankfurt-0 running")) << narrow;
  EXPECT_THAT(narrow, HasSubstr("market-data-process…ankfurt-1 running"));
  seen.saw(of({worker("market-data-processor-0", "running")}), time_point(1h));
  EXPECT_THAT(drawn(seen, {}), HasSubstr("market-data-processor-0 running")) << "in place of past rates";
}

TEST(screen, keeps_the_selected_one_in_sight) {
  model seen;
  std::vector<boost::json::object> many;
  for (int number = 100; number < 200; ++number) many.push_back(worker("w-" + std::to_string(number), "running"));
  seen.saw(of(many), time_point(1h));
  EXPECT_THAT(drawn(seen, {}), HasSubstr("w-100"));
  seen.move(99);
  EXPECT_THAT(drawn(seen, {}), HasSubstr("w-199"));
  EXPECT_THAT(drawn(seen, {}), Not(HasSubstr("w-100")));
  EXPECT_THAT(drawn(seen, {}, 5), HasSubstr("w-199")) << "however small the terminal is";
}

TEST(screen, of_who_waits_for_whom_is_a_tree) {
  surroundings around{.at = page::tree};
  EXPECT_THAT(drawn(of_three(), around), HasSubstr("crasher failed\nlistener running\n└─ processor-0 running\n"));
}

TEST(screen, of_a_tree_is_around_the_selected_one) {
  model seen;
  std::vector<boost::json::object> many;
  for (int number = 100; number < 200; ++number) many.push_back(worker("w" + std::to_string(number), "running"));
  seen.saw(of(many), time_point(1h));
  seen.select("w199");
  EXPECT_THAT(drawn(seen, {.at = page::tree}), HasSubstr("w199 running\n"));
  EXPECT_THAT(drawn(seen, {.at = page::tree}), Not(HasSubstr("w100 ")));
}

TEST(screen, of_details_has_exits_and_output) {
  auto seen = of_three();
  seen.select("processor-0");
  surroundings around{.at = page::details};
  around.exits = {boost::json::object{
      {"generation", 1}, {"reason", "killed by SIGSEGV"}, {"lifetime_ms", 65000}, {"success", false}}};
  around.lines = {"one line", "another"};
  const auto text = drawn(seen, around);
  EXPECT_THAT(text, HasSubstr("processor-0  running  generation 2  pid 100  up 1.0s  restarts 1\n"));
  EXPECT_THAT(text, HasSubstr("EXITS\n  1: killed by SIGSEGV after 65s\nOUTPUT\n  one line\n  another\n"));
}

TEST(screen, says_that_the_manager_has_gone) {
  auto seen = of_three();
  seen.lost("the manager has gone");
  EXPECT_THAT(drawn(seen, {}), testing::StartsWith("the manager has gone\n"));
}

TEST(screen, a_question_is_at_the_foot) {
  surroundings around;
  around.question = "stop a?";
  EXPECT_THAT(drawn(of_three(), around), testing::EndsWith("stop a? (y/n)\n"));
}

TEST(screen, without_colour_has_none) {
  const auto styled = [](bool coloured) {
    surroundings around;
    around.coloured = coloured;
    auto screen = ftxui::Screen::Create(ftxui::Dimension::Fixed(80), ftxui::Dimension::Fixed(24));
    ftxui::Render(screen, draw(of_three(), around, {80, 24}));
    int count = 0;
    for (int y = 0; y < 24; ++y)
      for (int x = 0; x < 80; ++x) count += screen.PixelAt(x, y).foreground_color != ftxui::Color::Default ? 1 : 0;
    return count;
  };
  EXPECT_GT(styled(true), 0);
  EXPECT_EQ(styled(false), 0);
}
