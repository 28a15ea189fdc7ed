// Each handler of a worker leaves its mark in the status block: busy while it runs, idle after it.
#include "worker/beat_executor.hpp"

#include <gtest/gtest.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <vector>

#include "status/block_reader.hpp"

using namespace lineshaft;
namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

struct fixture {
  alignas(64) std::byte memory[sizeof(status::block_layout)] = {};
  status::block_writer block{memory};
  asio::io_context loop{1};
  runtime::beat_executor<asio::io_context::executor_type> executor{loop.get_executor(), &block};

  loop_state state() const { return status::read_beat(memory).loop; }
  steady_clock::time_point last() const { return status::read_beat(memory).last; }
  void run() {
    loop.restart();
    loop.run();
  }
};

}  // namespace

TEST(beat_executor, marks_a_handler_as_busy_from_its_beginning_to_its_end) {
  fixture at;
  const auto before = steady_clock::now();
  EXPECT_LT(at.last(), before);
  std::vector<loop_state> inside;
  steady_clock::time_point entered;
  asio::post(at.executor, [&] {
    inside.push_back(at.state());
    entered = at.last();
  });
  EXPECT_EQ(at.state(), loop_state::idle) << "it has not begun";
  at.run();
  EXPECT_EQ(inside, std::vector<loop_state>{loop_state::busy});
  EXPECT_GE(entered, before);
  EXPECT_EQ(at.state(), loop_state::idle);
  EXPECT_GE(at.last(), entered);
}

TEST(beat_executor, a_handler_inside_a_handler_belongs_to_the_outer_one) {
  fixture at;
  loop_state inner = loop_state::none, after_inner = loop_state::none;
  bool nested = false, outer_running = false;
  asio::post(at.executor, [&] {
    outer_running = true;
    asio::dispatch(at.executor, [&] {
      nested = outer_running;
      inner = at.state();
    });
    after_inner = at.state();
    outer_running = false;
  });
  at.run();
  EXPECT_TRUE(nested) << "dispatch ran it later: this was no test of nesting";
  EXPECT_EQ(inner, loop_state::busy);
  EXPECT_EQ(after_inner, loop_state::busy) << "the end of the inner one is not the end";
  EXPECT_EQ(at.state(), loop_state::idle);
}

TEST(beat_executor, a_handler_that_throws_is_over_too) {
  fixture at;
  asio::post(at.executor, [] { throw std::runtime_error("boom"); });
  EXPECT_THROW(at.run(), std::runtime_error);
  EXPECT_EQ(at.state(), loop_state::idle);
  loop_state inside = loop_state::none;
  asio::post(at.executor, [&] { inside = at.state(); });
  at.run();
  EXPECT_EQ(inside, loop_state::busy);
  EXPECT_EQ(at.state(), loop_state::idle);
}

TEST(beat_executor, marks_each_step_of_a_coroutine_through_any_io_executor) {
  fixture at;
  const asio::any_io_executor executor(at.executor);
  std::vector<loop_state> inside;
  asio::co_spawn(
      executor,
      [&]() -> asio::awaitable<void> {
        inside.push_back(at.state());
        asio::steady_timer timer(executor, std::chrono::microseconds(1));
        co_await timer.async_wait(asio::use_awaitable);
        inside.push_back(at.state());
        co_await asio::post(executor, asio::use_awaitable);
        inside.push_back(at.state());
      },
      asio::detached);
  at.run();
  EXPECT_EQ(inside, std::vector<loop_state>(3, loop_state::busy));
  EXPECT_EQ(at.state(), loop_state::idle);
}

TEST(beat_executor, what_asio_asks_of_it_is_what_the_loop_answers_and_the_marks_stay) {
  fixture at;
  EXPECT_EQ(&asio::query(at.executor, asio::execution::context), &at.loop);
  const auto never = asio::require(at.executor, asio::execution::blocking.never);
  EXPECT_EQ(asio::query(never, asio::execution::blocking), asio::execution::blocking.never);
  const auto tracked = asio::prefer(at.executor, asio::execution::outstanding_work.tracked);
  EXPECT_EQ(asio::query(tracked, asio::execution::outstanding_work), asio::execution::outstanding_work.tracked);
  loop_state inside = loop_state::none;
  never.execute([&] { inside = at.state(); });
  EXPECT_EQ(inside, loop_state::none) << "never means not at once";
  asio::post(at.executor, [&] { at.loop.stop(); });
  at.run();
  EXPECT_EQ(inside, loop_state::busy);
}

TEST(beat_executor, equal_ones_are_those_of_one_loop_and_one_block) {
  fixture one, other;
  const auto same = one.executor;
  EXPECT_TRUE(one.executor == same);
  EXPECT_FALSE(one.executor == other.executor);
  const runtime::beat_executor<asio::io_context::executor_type> mixed(one.loop.get_executor(), &other.block);
  EXPECT_FALSE(one.executor == mixed);
}
