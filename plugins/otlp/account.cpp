#include "account.hpp"

#include <utility>

namespace lineshaft::otlp {

namespace {

thread_local bool logged_failure = false;

}  // namespace

account& the_account() {
  static auto& one = *new account;
  return one;
}

bool take_logged_failure() { return std::exchange(logged_failure, false); }
void note_logged_failure() { logged_failure = true; }

}  // namespace lineshaft::otlp
