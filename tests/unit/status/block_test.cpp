// The status block: what is written is read, and whatever is in the memory, reading it ends.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

#include "lineshaft/metrics.hpp"
#include "status/block_memory.hpp"
#include "status/block_reader.hpp"
#include "status/block_writer.hpp"

using namespace lineshaft;
using namespace lineshaft::status;

namespace {

struct memory {
  alignas(64) std::byte bytes[sizeof(block_layout)] = {};
};

std::span<const std::byte> view_of(const memory& of) { return of.bytes; }

}  // namespace

TEST(status_block, gives_back_every_figure_that_was_written) {
  memory shared;
  block_writer writer(shared.bytes);
  worker_metrics metrics(writer);
  metrics.processed.add(1);
  metrics.errors.add(2);
  metrics.decoding_errors.add(3);
  metrics.published.add(4);
  metrics.processing_errors.add(5);
  metrics.restarts.add(6);
  metrics.mdq_connected.set(true);
  metrics.add_counter("c").add(7);
  metrics.add_gauge("g").set(-1.5);
  metrics.add_flag("f", "help").set(true);
  writer.set_running(true);
  const auto figures = read_figures(view_of(shared));
  EXPECT_EQ(figures.processed, 1U);
  EXPECT_EQ(figures.errors, 2U);
  EXPECT_EQ(figures.decoding_errors, 3U);
  EXPECT_EQ(figures.published, 4U);
  EXPECT_EQ(figures.processing_errors, 5U);
  EXPECT_EQ(figures.restarts, 6U);
  EXPECT_TRUE(figures.mdq_connected);
  EXPECT_FALSE(figures.mdc_connected);
  EXPECT_TRUE(figures.running);
  EXPECT_EQ(figures.metrics, (std::map<std::string, metric_value>{{"c", std::uint64_t{7}}, {"g", -1.5}, {"f", true}}));
}

TEST(status_block, tells_a_busy_loop_from_an_idle_one) {
  memory shared;
  block_writer writer(shared.bytes);
  EXPECT_EQ(read_beat(view_of(shared)).loop, loop_state::idle);
  writer.enter();
  const auto busy = read_beat(view_of(shared));
  EXPECT_EQ(busy.loop, loop_state::busy);
  EXPECT_LE(busy.last, std::chrono::steady_clock::now());
  writer.leave();
  EXPECT_EQ(read_beat(view_of(shared)).loop, loop_state::idle);
}

TEST(status_block, tells_what_telemetry_has_recorded_and_not_delivered) {
  memory shared;
  EXPECT_TRUE(read_undelivered(view_of(shared)).none());
  block_writer writer(shared.bytes);
  EXPECT_TRUE(read_undelivered(view_of(shared)).none());
  const auto cells = writer.telemetry();
  cells[0] = 7;
  cells[1] = 5;
  cells[2] = 3;
  cells[4] = 2;
  const auto some = read_undelivered(view_of(shared));
  EXPECT_EQ((std::array{some.spans, some.log_records, some.metric_exports}), (std::array<std::uint64_t, 3>{2, 3, 2}));
  cells[1] = 8;  // a hostile worker's arithmetic
  EXPECT_EQ(read_undelivered(view_of(shared)).spans, 0U);
}

TEST(status_block, declares_a_name_once_and_refuses_what_does_not_fit) {
  memory shared;
  block_writer writer(shared.bytes);
  worker_metrics metrics(writer);
  auto& first = metrics.add_counter("same");
  EXPECT_EQ(&first, &metrics.add_counter("same"));
  EXPECT_THROW(metrics.add_gauge("same"), std::invalid_argument);
  EXPECT_THROW(metrics.add_counter(""), std::invalid_argument);
  EXPECT_THROW(metrics.add_counter(std::string_view("a\0b", 3)), std::invalid_argument);
  EXPECT_NO_THROW(metrics.add_counter(std::string(47, 'n')));
  EXPECT_THROW(metrics.add_counter(std::string(48, 'n')), std::invalid_argument);
  for (int index = 0; index < 62; ++index) metrics.add_flag("f" + std::to_string(index));
  EXPECT_THROW(metrics.add_flag("one too many"), std::invalid_argument);
  EXPECT_EQ(read_figures(view_of(shared)).metrics.size(), 64U);
}

TEST(status_block, gives_back_what_was_said_of_a_metric) {
  memory shared;
  block_writer writer(shared.bytes);
  worker_metrics metrics(writer);
  metrics.add_counter("silent");
  metrics.add_counter("said", "Orders taken");
  metrics.add_gauge("long", std::string(200, 'x'));
  std::map<std::string, std::string> known{{"earlier", "by another worker"}, {"silent", "by another worker"}};
  read_help(view_of(shared), known);
  const std::map<std::string, std::string> expected{{"earlier", "by another worker"},
                                                    {"silent", "by another worker"},
                                                    {"said", "Orders taken"},
                                                    {"long", std::string(75, 'x')}};
  EXPECT_EQ(known, expected);
  std::memset(shared.bytes + offsetof(block_layout, descriptions), 0xff, sizeof(block_layout::descriptions));
  read_help(view_of(shared), known);
  read_help(view_of(shared).first(100), known);
}

TEST(status_block, is_read_to_an_end_whatever_a_worker_has_scribbled_over_it) {
  memory shared;
  auto& block = *reinterpret_cast<block_layout*>(shared.bytes);
  std::mt19937_64 random(3);
  std::size_t names_read = 0;
  for (int round = 0; round < 100'000; ++round) {
    const auto from = random() % sizeof shared.bytes;
    const auto size = std::min<std::size_t>(random() % 512, sizeof shared.bytes - from);
    for (std::size_t index = 0; index < size; ++index) shared.bytes[from + index] = static_cast<std::byte>(random());
    // So that the reader goes on to the names, which are mostly unterminated and unprintable by now.
    block.magic = block_magic;
    for (auto& description : block.descriptions) description.kind = static_cast<metric_kind>(1 + random() % 3);
    const auto figures = read_figures(view_of(shared));
    EXPECT_LE(figures.metrics.size(), most_declared);
    names_read += figures.metrics.size();
    for (const auto& [name, value] : figures.metrics) {
      EXPECT_LE(name.size(), longest_name);
      EXPECT_TRUE(std::ranges::all_of(name, [](unsigned char c) { return c >= 0x20 && c <= 0x7e; }));
    }
    (void)read_beat(view_of(shared));
    (void)read_undelivered(view_of(shared));
  }
  EXPECT_GT(names_read, 100'000U);
}

TEST(status_block, of_another_layout_or_size_reads_as_nothing) {
  memory shared;
  std::memset(shared.bytes, 0xff, sizeof shared.bytes);
  EXPECT_EQ(read_figures(view_of(shared)).processed, 0U);
  EXPECT_EQ(read_beat(view_of(shared)).loop, loop_state::none);
  const block_writer writer(shared.bytes);
  EXPECT_NE(read_figures(view_of(shared)).processed, 0U);
  EXPECT_EQ(read_figures(view_of(shared).first(100)).processed, 0U);
}

TEST(status_block, cannot_be_made_smaller_under_its_reader) {
  const auto made = make_block();
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(::ftruncate(made->descriptor.get(), 0), -1);
  EXPECT_EQ(::ftruncate(made->descriptor.get(), 1 << 20), -1);
  EXPECT_EQ(read_figures(made->view.bytes()).processed, 0U);
}

TEST(status_block, is_read_while_it_is_written_and_a_counter_never_goes_back) {
  memory shared;
  block_writer writer(shared.bytes);
  worker_metrics metrics(writer);
  std::atomic<bool> enough = false;
  std::thread writing([&] {
    while (!enough) metrics.processed.add();
  });
  std::uint64_t last = 0;
  while (read_figures(view_of(shared)).processed == 0) std::this_thread::yield();
  for (int reading = 0; reading < 10'000; ++reading) {
    const auto now = read_figures(view_of(shared)).processed;
    EXPECT_GE(now, last);
    last = now;
  }
  enough = true;
  writing.join();
  EXPECT_GT(last, 0U);
}

TEST(status_json, has_the_predecessors_eleven_keys_first_and_an_unknown_name_has_one) {
  EXPECT_EQ(to_json(worker_status{}), (boost::json::object{{"alive", false}}));
  const char* const keys[] = {"alive",
                              "pid",
                              "processed",
                              "errors",
                              "decoding_errors",
                              "published",
                              "processing_errors",
                              "mdq_connected",
                              "mdc_connected",
                              "restarts",
                              "running",
                              "name",
                              "state",
                              "ready",
                              "generation",
                              "process_restarts",
                              "uptime_ms",
                              "age_ms",
                              "error",
                              "last_exit",
                              "metrics"};
  const auto json = to_json(worker_status{.name = "a"});
  ASSERT_GE(json.size(), std::size(keys));
  auto key = json.begin();
  for (const char* expected : keys) EXPECT_EQ((key++)->key(), expected);
}
