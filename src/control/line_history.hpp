#pragma once
// What the workers print, as a history on the control server's thread. Costs the threads that collect it nothing while
// nobody follows.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <set>

#include "output/recent_lines.hpp"

namespace lineshaft::control {

class line_history {
 public:
  using item = output::recent_line;
  using waiter = std::function<void()>;

  line_history(output::recent_lines& lines, std::weak_ptr<boost::asio::io_context> loop)
      : lines_(lines), loop_(std::move(loop)) {}
  ~line_history() { lines_.unfollow(); }
  line_history(const line_history&) = delete;
  line_history& operator=(const line_history&) = delete;

  output::recent_lines::excerpt after(std::uint64_t id, std::size_t most) const { return lines_.after(id, most); }
  std::uint64_t last() const { return lines_.last(); }
  void add(const waiter& told);
  void remove(const waiter& told);

 private:
  void more_came();

  output::recent_lines& lines_;
  std::weak_ptr<boost::asio::io_context> loop_;
  std::atomic<bool> will_tell_ = false;
  std::set<const waiter*> waiting_;
};

}  // namespace lineshaft::control
