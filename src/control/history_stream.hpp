#pragma once
// A history as a stream: first what is kept, then each new one as it comes. A reader that is too slow for what is
// kept misses some, and is told how many; it holds nothing of its own.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>

#include "control/history.hpp"
#include "control/server_sent.hpp"
#include "control/stream.hpp"

namespace lineshaft::control {

/// How one of them is told, and whether this reader wants it.
template <class T>
struct telling {
  std::function<bool(const T&)> wanted;
  std::function<std::uint64_t(const T&)> id;
  std::function<std::string(const T&)> type;
  std::function<boost::json::object(const T&)> data;
};

template <class History>
class history_stream final : public stream {
 public:
  history_stream(boost::asio::any_io_executor executor, std::shared_ptr<History> of, std::uint64_t after,
                 telling<typename History::item> how)
      : of_(std::move(of)), after_(after), how_(std::move(how)), news_(executor) {
    of_->add(told_);
  }
  ~history_stream() override { of_->remove(told_); }
  history_stream(const history_stream&) = delete;
  history_stream& operator=(const history_stream&) = delete;

  boost::asio::awaitable<std::string> next(std::chrono::milliseconds patience) override {
    auto text = take();
    if (text.empty()) {
      news_.expires_after(patience);
      co_await news_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
      text = take();
    }
    co_return text;
  }
  void wake() override { news_.cancel(); }

 private:
  static constexpr std::size_t at_once = 256;

  std::string take() {
    std::string text;
    const auto found = of_->after(after_, at_once);
    if (found.missed > 0) write_event(text, found.last, "dropped", missed(found.missed));
    for (const auto& one : found.items) {
      if (how_.wanted(one)) write_event(text, how_.id(one), how_.type(one), how_.data(one));
    }
    after_ = found.last;
    return text;
  }
  static boost::json::object missed(std::uint64_t count) {
    return {{"event", "dropped"}, {"missed", count}, {"cause", std::to_string(count) + " are not kept any more"}};
  }

  std::shared_ptr<History> of_;  ///< shared: it may be the last one that is left when the server ends
  std::uint64_t after_;
  telling<typename History::item> how_;
  boost::asio::steady_timer news_;
  std::function<void()> told_ = [this] { news_.cancel(); };
};

}  // namespace lineshaft::control
