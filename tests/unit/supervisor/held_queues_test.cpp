// Queues that outlive those who use them, and accounts that stay true when these die.
#include "supervisor/held_queues.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "lineshaft/queue_account.hpp"
#include "support/processes.hpp"
#include "sys/fault.hpp"
#include "sys/socket.hpp"

using namespace lineshaft;
using namespace lineshaft::supervisor;

namespace {

constexpr auto producer = queue_role::producer;
constexpr auto consumer = queue_role::consumer;

/// One end as a worker's process has it: the socket, and the account that it writes.
struct end {
  held_queue held;
  sys::mapping memory;

  template <class Account>
  Account& account() {
    return *reinterpret_cast<Account*>(memory.bytes().data());
  }
};

end open(held_queues& queues, std::string_view name, queue_role role, process_queues& of) {
  auto held = queues.open(name, role, of);
  EXPECT_TRUE(held) << held.error().message();
  auto memory = sys::map(held->account.get(), queue_account_size(role), sys::access::read_write);
  EXPECT_TRUE(memory);
  return {std::move(*held), std::move(*memory)};
}

void say(const end& from, char letter) {
  const std::byte one{static_cast<unsigned char>(letter)};
  EXPECT_TRUE(sys::sendmsg(from.held.socket.get(), std::span(&one, 1)));
}

char hear(const end& at) {
  const auto received = sys::recvmsg(at.held.socket.get(), 16);
  return received && received->bytes.size() == 1 ? static_cast<char>(received->bytes.front()) : '-';
}

struct figures {
  std::uint64_t sent, done, in_flight, lost, depth;
  friend bool operator==(const figures&, const figures&) = default;
};

figures figures_of(const held_queues& queues) {
  const auto all = queues.status();
  EXPECT_EQ(all.size(), 1U);
  return {all[0].sent, all[0].done, all[0].in_flight, all[0].lost, all[0].depth};
}

}  // namespace

TEST(held_queues, a_message_survives_everybody_who_had_to_do_with_it) {
  held_queues queues;
  {
    process_queues first;
    const auto from = open(queues, "q", producer, first);
    say(from, 'a');
    say(from, 'b');
    first.process_ended();
  }
  {
    process_queues second;
    EXPECT_EQ(hear(open(queues, "q", consumer, second)), 'a');
    second.process_ended();
  }
  process_queues third;
  EXPECT_EQ(hear(open(queues, "q", consumer, third)), 'b') << "what the dead consumer had not taken";
}

TEST(held_queues, ends_of_one_name_share_a_queue_and_names_do_not) {
  held_queues queues;
  process_queues process;
  const auto one = open(queues, "q", producer, process), two = open(queues, "q", producer, process);
  const auto other = open(queues, "r", producer, process);
  say(one, '1');
  say(two, '2');
  say(other, '3');
  const auto at = open(queues, "q", consumer, process);
  EXPECT_EQ(hear(at), '1');
  EXPECT_EQ(hear(at), '2');
  EXPECT_EQ(hear(at), '-');
  EXPECT_EQ(queues.status().size(), 2U);
}

TEST(held_queues, add_up_living_accounts_and_keep_those_of_the_dead) {
  held_queues queues;
  process_queues sender, other_sender, taker, other_taker;
  auto from = open(queues, "q", producer, sender), from_other = open(queues, "q", producer, other_sender);
  auto to = open(queues, "q", consumer, taker), to_other = open(queues, "q", consumer, other_taker);
  from.account<producer_account>().counted = 10;
  from_other.account<producer_account>().counted = 5;
  to.account<consumer_account>().done = 4;
  auto& crashed = to_other.account<consumer_account>();
  crashed.done = crashed.batch_start = 2;
  for (std::size_t n = 0; n < 3; ++n) crashed.headers[n].mark = queue_packet_mark;
  EXPECT_EQ(figures_of(queues), (figures{15, 6, 3, 0, 6}));
  EXPECT_EQ(other_taker.process_ended(), 3U);
  EXPECT_EQ(figures_of(queues), (figures{15, 6, 0, 3, 6}));
  EXPECT_EQ(other_taker.process_ended(), 0U) << "counted once";
  EXPECT_EQ(sender.process_ended(), 0U);
  EXPECT_EQ(taker.process_ended(), 0U);
  EXPECT_EQ(figures_of(queues), (figures{15, 6, 0, 3, 6})) << "nothing is forgotten with the process";
}

TEST(held_queues, a_depth_is_never_below_zero) {
  held_queues queues;
  process_queues taker;
  auto to = open(queues, "q", consumer, taker);
  to.account<consumer_account>().done = 7;
  EXPECT_EQ(figures_of(queues), (figures{0, 7, 0, 0, 0})) << "read between a send and its account";
}

TEST(held_queues, accounts_full_of_anything_give_some_figures) {
  held_queues queues;
  process_queues process;
  auto to = open(queues, "q", consumer, process), from = open(queues, "q", producer, process);
  std::ranges::fill(to.memory.bytes(), std::byte{0xff});
  std::ranges::fill(from.memory.bytes(), std::byte{0xff});
  EXPECT_LE(queues.status().front().in_flight, queue_batch_limit);
  EXPECT_LE(process.process_ended(), queue_batch_limit);
}

TEST(held_queues, a_name_that_does_not_fit_makes_no_queue) {
  held_queues queues;
  process_queues process;
  for (const auto* name : {"", "a/b", "../x", "a b"}) EXPECT_FALSE(queues.open(name, producer, process)) << name;
  EXPECT_TRUE(queues.status().empty());
}

TEST(held_queues, each_call_that_fails_is_an_error_and_leaves_no_descriptor_and_no_account) {
  for (const char* call : {"socketpair", "dup", "memfd_create", "ftruncate", "fcntl", "mmap"}) {
    held_queues queues;
    process_queues process;
    auto before = support::open_descriptors();
    sys::inject(call, std::make_error_code(std::errc::too_many_files_open));
    const auto held = queues.open("q", consumer, process);
    sys::clear_injected();
    ASSERT_FALSE(held) << call;
    EXPECT_EQ(held.error().code, std::errc::too_many_files_open) << call;
    before += queues.status().size() * 2;  // the queue itself stays, for the next one who asks
    EXPECT_EQ(support::open_descriptors(), before) << call;
    EXPECT_TRUE(queues.open("q", consumer, process)) << call;
    EXPECT_EQ(process.process_ended(), 0U);
  }
}

TEST(held_queues, keep_two_descriptors_a_queue_however_many_come_and_go) {
  held_queues queues;
  process_queues first;
  (void)open(queues, "q", producer, first);
  first.process_ended();
  const auto before = support::open_descriptors();
  for (int n = 0; n < 50; ++n) {
    process_queues process;
    (void)open(queues, "q", n % 2 == 0 ? producer : consumer, process);
    process.process_ended();
  }
  EXPECT_EQ(support::open_descriptors(), before);
}

TEST(held_queues, are_not_made_without_end) {
  held_queues queues;
  process_queues greedy, other;
  result<held_queue> opened = held_queue{};
  int made = 0;
  while ((opened = queues.open("queue-" + std::to_string(made), queue_role::producer, greedy))) ++made;
  EXPECT_EQ(made, 1024);
  EXPECT_TRUE(opened.error().doing.starts_with("cannot open queue 'queue-1024': this process has opened 1024 already"));
  EXPECT_TRUE(queues.open("queue-7", queue_role::consumer, other)) << "another one's";
  EXPECT_EQ(queues.open("one-more", queue_role::consumer, other).error().doing,
            "cannot make queue 'one-more': the manager holds 1024 already");
  greedy.process_ended();
  EXPECT_TRUE(queues.open("queue-0", queue_role::producer, greedy)) << "the next process of the same worker";
}
