#include "account.hpp"

#include <utility>

namespace lineshaft::otlp {

namespace {

thread_local bool logged_failure = false;

std::atomic<std::uint64_t> nobodys[5];

}  // namespace

account::account() { count_for_nobody(); }

void account::count_for_nobody() { counts = {&nobodys[0], &nobodys[1], &nobodys[2], &nobodys[3], &nobodys[4]}; }

account& the_account() {
  static auto& one = *new account;
  return one;
}

bool take_logged_failure() { return std::exchange(logged_failure, false); }
void note_logged_failure() { logged_failure = true; }

}  // namespace lineshaft::otlp
