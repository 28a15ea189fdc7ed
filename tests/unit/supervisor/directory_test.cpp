// What any thread sees of the workers: names, moments, and figures of the living and the dead.
#include "supervisor/directory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "lineshaft/metrics.hpp"
#include "status/block_writer.hpp"

using namespace lineshaft;
using namespace lineshaft::supervisor;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

directory::view view_named(const std::string& name, std::uint32_t generation = 1) {
  auto view = std::make_shared<worker_view>();
  view->known.name = name;
  view->known.generation = generation;
  return view;
}

std::vector<std::string> names_in(const directory& from) {
  std::vector<std::string> names;
  for (const auto& view : from.all()) names.push_back(view->known.name);
  return names;
}

/// A living process: its block, and what the supervisor knows of it.
struct living {
  status::made_block block = std::move(status::make_block().value());
  sys::mapping memory = std::move(status::map_for_worker(block.descriptor.get()).value());
  worker_view view;

  explicit living(steady_clock::time_point started) {
    view.known.alive = true;
    view.started = started;
    view.block = std::make_shared<const status::manager_block>(std::move(block.view));
  }
  void beat_at(steady_clock::time_point when, loop_state loop) {
    auto& cells = reinterpret_cast<status::block_layout*>(memory.bytes().data())->beat;
    cells.last_ns = std::chrono::nanoseconds(when.time_since_epoch()).count();
    cells.loop = static_cast<std::uint32_t>(loop);
  }
};

}  // namespace

TEST(directory, finds_what_was_published_last_under_a_name) {
  directory at;
  EXPECT_EQ(at.find("a"), nullptr);
  at.publish("a", view_named("a", 1));
  at.publish("a", view_named("a", 2));
  ASSERT_NE(at.find("a"), nullptr);
  EXPECT_EQ(at.find("a")->known.generation, 2U);
  EXPECT_EQ(at.find("ab"), nullptr);
  at.remove("a");
  at.remove("never there");
  EXPECT_EQ(at.find("a"), nullptr);
}

TEST(directory, lists_all_by_name) {
  directory at;
  for (const auto* name : {"b", "c", "a"}) at.publish(name, view_named(name));
  EXPECT_EQ(names_in(at), (std::vector<std::string>{"a", "b", "c"}));
  at.remove("b");
  EXPECT_EQ(names_in(at), (std::vector<std::string>{"a", "c"}));
}

TEST(directory, a_reader_keeps_what_it_has_found) {
  directory at;
  at.publish("a", view_named("a", 1));
  const auto found = at.find("a");
  at.publish("a", view_named("a", 2));
  at.remove("a");
  EXPECT_EQ(found->known.generation, 1U);
}

TEST(directory, is_read_by_many_threads_while_one_publishes) {
  directory at;
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int n = 0; n < 4; ++n) {
    readers.emplace_back([&] {
      std::uint32_t last = 0;
      while (!done) {
        const auto found = at.find("a");
        if (!found) continue;
        EXPECT_GE(found->known.generation, last);
        last = found->known.generation;
        EXPECT_LE(at.all().size(), 2U);
      }
    });
  }
  for (std::uint32_t generation = 1; generation <= 2000; ++generation) {
    at.publish("a", view_named("a", generation));
    at.publish("b", view_named("b"));
    at.remove("b");
  }
  done = true;
  for (auto& reader : readers) reader.join();
}

TEST(directory, status_of_the_living_is_what_its_block_says_now) {
  const auto now = steady_clock::now();
  living process(now - 5s);
  status::block_writer writer(process.memory.bytes());
  worker_metrics metrics(writer);
  metrics.processed.add(3);
  metrics.mdc_connected.set(true);
  metrics.add_gauge("depth").set(2.5);
  writer.set_running(true);
  process.beat_at(now - 2s, loop_state::busy);
  const auto status = status_of(process.view, now);
  EXPECT_EQ(status.uptime, 5s);
  EXPECT_EQ(status.age, 2s);
  EXPECT_EQ(status.loop, loop_state::busy);
  EXPECT_EQ(status.processed, 3U);
  EXPECT_TRUE(status.mdc_connected);
  EXPECT_FALSE(status.mdq_connected);
  EXPECT_TRUE(status.running);
  EXPECT_EQ(status.metrics, (std::map<std::string, metric_value>{{"depth", 2.5}}));
  metrics.processed.add(1);
  EXPECT_EQ(status_of(process.view, now).processed, 4U) << "nothing was consumed, and nothing is kept";
}

TEST(directory, age_stays_within_the_life_of_the_process_whatever_the_worker_writes) {
  const auto now = steady_clock::now();
  const struct {
    const char* what;
    steady_clock::time_point beat;
    std::chrono::milliseconds age;
  } table[] = {
      {"no beat yet", {}, 10s},
      {"before its own birth", now - 1h, 10s},
      {"at its birth", now - 10s, 10s},
      {"now", now, 0s},
      {"in the future", now + 1h, 0s},
      {"at the end of time", steady_clock::time_point::max(), 0s},
      {"before the beginning", steady_clock::time_point::min(), 10s},
  };
  for (const auto& row : table) {
    living process(now - 10s);
    status::block_writer writer(process.memory.bytes());
    process.beat_at(row.beat, loop_state::idle);
    EXPECT_EQ(status_of(process.view, now).age, row.age) << row.what;
  }
}

// The status is read with a clock that was looked at before the process was published.
TEST(directory, a_process_younger_than_the_question_has_no_negative_age) {
  const auto now = steady_clock::now();
  living process(now + 1ms);
  status::block_writer writer(process.memory.bytes());
  process.beat_at(now, loop_state::idle);
  EXPECT_GE(status_of(process.view, now).age, 0ms);
  EXPECT_GE(status_of(process.view, now).uptime, 0ms);
}

TEST(directory, status_of_the_dead_has_its_last_figures_and_neither_flags_nor_age) {
  worker_view view;
  view.known.name = "a";
  exit_record record;
  record.code = -9;
  record.figures.processed = 7;
  record.figures.mdq_connected = record.figures.mdc_connected = record.figures.running = true;
  record.figures.metrics = {{"depth", 1.0}};
  view.exits = {std::make_shared<exit_record>(record)};
  const auto status = status_of(view, steady_clock::now());
  EXPECT_FALSE(status.alive);
  EXPECT_EQ(status.processed, 7U);
  EXPECT_FALSE(status.running || status.mdq_connected || status.mdc_connected);
  EXPECT_EQ(status.metrics.size(), 1U);
  EXPECT_EQ(status.uptime, 0ms);
  EXPECT_EQ(status.age, 0ms);
  EXPECT_EQ(status.loop, loop_state::none);
}

TEST(directory, figures_of_the_living_are_not_mixed_with_those_of_the_one_before) {
  const auto now = steady_clock::now();
  living process(now);
  exit_record before;
  before.figures.processed = 1000;
  process.view.exits = {std::make_shared<exit_record>(before)};
  const status::block_writer writer(process.memory.bytes());
  EXPECT_EQ(status_of(process.view, now).processed, 0U);
}

TEST(directory, lets_go_of_a_view_without_its_lock) {
  directory all;
  int seen = 0;
  // As one that unmaps a process's memory, and takes its time; here it even looks.
  const auto looking = [&] {
    return directory::view(new worker_view, [&](const worker_view* gone) {
      seen += static_cast<int>(all.all().size());
      delete gone;
    });
  };
  all.publish("a", looking());
  all.publish("a", looking());
  EXPECT_EQ(seen, 1);
  all.remove("a");
  EXPECT_EQ(seen, 1) << "there was none any more";
}
