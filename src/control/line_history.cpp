#include "control/line_history.hpp"

#include <boost/asio/post.hpp>

namespace lineshaft::control {

void line_history::add(const waiter& told) {
  if (waiting_.empty()) lines_.follow([this] { more_came(); });
  waiting_.insert(&told);
}

void line_history::remove(const waiter& told) {
  waiting_.erase(&told);
  if (waiting_.empty()) lines_.unfollow();
}

// By whoever collects the lines. What comes before this thread has looked is told with it.
void line_history::more_came() {
  if (will_tell_.exchange(true)) return;
  const auto alive = loop_.lock();
  if (!alive) return;
  boost::asio::post(*alive, [this] {
    will_tell_ = false;
    for (const auto* one : waiting_) (*one)();
  });
}

}  // namespace lineshaft::control
