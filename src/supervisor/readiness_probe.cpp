#include "supervisor/readiness_probe.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <utility>

namespace lineshaft::supervisor {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace {

// A worker that needs longer for one answer is not ready for work.
constexpr std::chrono::seconds patience(1);

std::string reason(std::string_view doing, const boost::system::error_code& ec) {
  return std::string(doing) + ": " + (ec == beast::error::timeout ? "no answer within 1 s" : ec.message());
}

}  // namespace

// One connection, from its beginning to the answer. It keeps itself alive while something of it is under way.
class readiness_probe::question : public std::enable_shared_from_this<question> {
 public:
  question(asio::io_context& loop, const policy::probe_target& target, std::function<void(std::string)> answer)
      : stream_(loop), answer_(std::move(answer)), wants_http_(!target.path.empty()) {
    request_.method(http::verb::get);
    request_.target(wants_http_ ? target.path : "/");
    request_.set(http::field::host, target.host);
    request_.set(http::field::user_agent, "lineshaft");
    request_.set(http::field::connection, "close");
    // A server that would send a long page has said all that is needed in the head.
    response_.header_limit(16 * 1024);
    boost::system::error_code ec;
    endpoint_ = {asio::ip::make_address(target.address, ec), target.port};
    where_ = target.host;
  }

  void begin() {
    stream_.expires_after(patience);
    stream_.async_connect(endpoint_,
                          [self = shared_from_this()](boost::system::error_code ec) { self->connected(ec); });
  }
  void give_up() {
    answer_ = nullptr;
    stream_.close();
  }

 private:
  void connected(boost::system::error_code ec) {
    if (ec) return finish(reason("cannot connect to " + where_, ec));
    if (!wants_http_) return finish({});
    http::async_write(stream_, request_, [self = shared_from_this()](boost::system::error_code failed, std::size_t) {
      self->asked(failed);
    });
  }
  void asked(boost::system::error_code ec) {
    if (ec) return finish(reason("cannot ask " + where_, ec));
    http::async_read_header(
        stream_, buffer_, response_,
        [self = shared_from_this()](boost::system::error_code failed, std::size_t) { self->read(failed); });
  }
  void read(boost::system::error_code ec) {
    if (ec) return finish(reason("cannot read the answer of " + where_, ec));
    const auto code = response_.get().result_int();
    finish(code >= 200 && code < 300 ? std::string() : where_ + " answers " + std::to_string(code));
  }
  void finish(std::string why_not) {
    stream_.close();
    if (auto answer = std::exchange(answer_, nullptr)) answer(std::move(why_not));
  }

  beast::tcp_stream stream_;
  asio::ip::tcp::endpoint endpoint_;
  std::function<void(std::string)> answer_;
  std::string where_;
  bool wants_http_;
  http::request<http::empty_body> request_;
  beast::flat_buffer buffer_{16 * 1024};
  http::response_parser<http::empty_body> response_;
};

readiness_probe::readiness_probe(asio::io_context& loop, policy::probe_target target, on_answer take)
    : loop_(loop), target_(std::move(target)), take_(std::move(take)), pause_(loop) {
  ask();
}

readiness_probe::~readiness_probe() {
  if (asking_) asking_->give_up();
}

void readiness_probe::ask() {
  asking_ = std::make_shared<question>(loop_, target_, [this](const std::string& why_not) { answered(why_not); });
  asking_->begin();
}

void readiness_probe::answered(const std::string& why_not) {
  asking_.reset();
  const auto changed = state_.take(why_not.empty());
  pause_.expires_after(state_.pause());
  pause_.async_wait([this](boost::system::error_code ec) {
    if (!ec) ask();
  });
  take_(changed, why_not);  // the last: it may be the end of this
}

}  // namespace lineshaft::supervisor
