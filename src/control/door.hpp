#pragma once
// Accepts connections at one listening socket, as many as its limit.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <list>
#include <memory>

#include "control/connection.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::control {

/// On the control server's thread alone. What it is given outlives the loop's last step.
class door {
 public:
  door(boost::asio::io_context& loop, unique_fd listening, int family, entrance how, service& ours,
       const access_rules& rules, const limits& most);

  void open();
  /// Nobody comes in any more; who is not being answered leaves. `left` is told of each that has.
  void close(std::function<void()> left);
  bool is_empty() const { return inside_.empty(); }

 private:
  using acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> wait_for_descriptors();
  void let_in(stream_socket socket);
  void make_room();
  void recognise(connection& one) const;

  boost::asio::io_context& loop_;
  acceptor acceptor_;
  entrance how_;
  service& ours_;
  const access_rules& rules_;
  const limits& most_;
  std::list<std::shared_ptr<connection>> inside_;
  std::function<void()> left_ = [] {};
};

}  // namespace lineshaft::control
