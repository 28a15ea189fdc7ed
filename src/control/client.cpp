#include "control/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

#include "control/event_parser.hpp"

namespace lineshaft::control {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;
using asio::awaitable;
using std::chrono::milliseconds;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t most_read_at_once = 64 * 1024;
constexpr std::uint64_t longest_answer = 256 * 1024 * 1024;

using stream = beast::basic_stream<asio::local::stream_protocol>;
using http_request = http::request<http::string_body>;
using http_parser = http::response_parser<http::string_body>;

std::error_code portable(const boost::system::error_code& ec) {
  return ec == beast::error::timeout ? std::make_error_code(std::errc::timed_out) : std::error_code(ec);
}

http_request request_of(const std::string& method, const std::string& target, const std::string& body) {
  http_request made(http::string_to_verb(method), target, 11);
  made.set(http::field::host, "lineshaft");
  if (!body.empty()) made.set(http::field::content_type, "application/json");
  made.body() = body;
  made.prepare_payload();
  return made;
}

/// The detail of application/problem+json.
std::string detail_of(const response& refused) {
  boost::system::error_code ec;
  const auto parsed = json::parse(refused.body, ec);
  const auto* members = ec ? nullptr : parsed.if_object();
  const auto* detail = members != nullptr ? members->if_contains("detail") : nullptr;
  if (detail != nullptr && detail->is_string()) return std::string(detail->get_string());
  return "the manager answered with status " + std::to_string(refused.status);
}

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& what) {
    return what.what();
  }
}

}  // namespace

class client::implementation {
 public:
  // Beast reads as much at once as there is room for: of an empty buffer 512 bytes.
  explicit implementation(std::string socket) : socket_(std::move(socket)) { buffer_.reserve(most_read_at_once); }

  result<response> send(const http_request& asked, milliseconds patience);
  result<> follow(const http_request& asked, const std::function<bool(const server_event&)>& take,
                  const std::stop_token& stop);

 private:
  awaitable<result<>> connect();
  awaitable<result<response>> exchange(const http_request& asked, milliseconds patience);
  awaitable<result<>> read_events(const http_request& asked, const std::function<bool(const server_event&)>& take);
  result<> broken(const boost::system::error_code& ec);

  template <class T>
  T run(awaitable<T> what, const std::stop_token& stop = {}) {
    T outcome = fail(std::errc::operation_canceled, "cannot ask the manager at '" + socket_ + "'");
    asio::co_spawn(loop_, std::move(what), [&](const std::exception_ptr& thrown, T value) {
      outcome = thrown ? T(fail("cannot ask the manager at '" + socket_ + "': " + text_of(thrown))) : std::move(value);
    });
    const std::stop_callback on_stop(stop, [this] {
      asio::post(loop_, [this] {
        if (connection_) connection_->cancel();
      });
    });
    loop_.restart();
    loop_.run();
    return outcome;
  }

  std::string socket_;
  asio::io_context loop_{1};
  std::optional<stream> connection_;
  beast::flat_buffer buffer_;
};

result<> client::implementation::broken(const boost::system::error_code& ec) {
  connection_.reset();
  buffer_.clear();
  return fail(portable(ec), "cannot ask the manager at '" + socket_ + "'");
}

awaitable<result<>> client::implementation::connect() {
  if (connection_) co_return result<>();
  if (socket_.size() >= sizeof(sockaddr_un::sun_path)) co_return broken(asio::error::name_too_long);
  connection_.emplace(loop_);
  const auto [ec] = co_await connection_->async_connect(asio::local::stream_protocol::endpoint(socket_), as_result);
  if (ec) co_return broken(ec);
  co_return result<>();
}

awaitable<result<response>> client::implementation::exchange(const http_request& asked, milliseconds patience) {
  const bool is_new = !connection_;
  if (auto connected = co_await connect(); !connected) co_return std::unexpected(connected.error());
  connection_->expires_after(patience);
  const auto [unsent, sent] = co_await http::async_write(*connection_, asked, as_result);
  http_parser answer;
  answer.body_limit(longest_answer);
  answer.skip(asked.method() == http::verb::head);
  boost::system::error_code ec = unsent;
  if (!ec) {
    const auto [unread, read] = co_await http::async_read(*connection_, buffer_, answer, as_result);
    ec = unread;
  }
  // The manager may have ended a connection that nobody used for a while; nothing of this request was read then.
  if (!is_new && (ec == http::error::end_of_stream || ec == asio::error::broken_pipe)) {
    (void)broken(ec);
    co_return co_await exchange(asked, patience);
  }
  if (ec) co_return std::unexpected(broken(ec).error());
  auto got = answer.release();
  if (!got.keep_alive()) connection_.reset();
  co_return response{got.result_int(), std::string(got[http::field::content_type]), std::move(got.body())};
}

awaitable<result<>> client::implementation::read_events(const http_request& asked,
                                                        const std::function<bool(const server_event&)>& take) {
  connection_.reset();
  if (auto connected = co_await connect(); !connected) co_return connected;
  const auto [unsent, sent] = co_await http::async_write(*connection_, asked, as_result);
  if (unsent) co_return broken(unsent);
  http_parser answer;
  answer.body_limit(boost::none);
  const auto [unread, head] = co_await http::async_read_header(*connection_, buffer_, answer, as_result);
  if (unread) co_return broken(unread);
  const bool refused = answer.get().result_int() != 200;
  event_parser events;
  while (!answer.is_done()) {
    const auto [ec, bytes] = co_await http::async_read_some(*connection_, buffer_, answer, as_result);
    if (ec) co_return broken(ec);
    if (refused) continue;
    events.add(answer.get().body());
    answer.get().body().clear();
    while (const auto next = events.next()) {
      if (!take(*next)) {
        connection_.reset();
        co_return result<>();
      }
    }
  }
  connection_.reset();
  if (refused) co_return fail(detail_of({0, {}, answer.get().body()}));
  co_return result<>();
}

result<response> client::implementation::send(const http_request& asked, milliseconds patience) {
  return run(exchange(asked, patience));
}

result<> client::implementation::follow(const http_request& asked, const std::function<bool(const server_event&)>& take,
                                        const std::stop_token& stop) {
  auto followed = run(read_events(asked, take), stop);
  return stop.stop_requested() ? result<>() : followed;
}

client::client(std::string socket) : implementation_(std::make_unique<implementation>(std::move(socket))) {}
client::~client() = default;
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;

result<response> client::send(const std::string& method, const std::string& target, const std::string& body,
                              milliseconds patience) {
  return implementation_->send(request_of(method, target, body), patience);
}

result<json::value> client::ask(const std::string& method, const std::string& target, const json::value& body,
                                milliseconds patience, json::monotonic_resource* memory) {
  auto answered = send(method, target, body.is_null() ? std::string() : json::serialize(body), patience);
  if (!answered) return std::unexpected(answered.error());
  if (answered->status >= 400) return fail(detail_of(*answered));
  boost::system::error_code ec;
  // In one piece of memory: the status of many workers is some thousand values.
  auto where = memory != nullptr ? json::storage_ptr(memory)
                                 : json::make_shared_resource<json::monotonic_resource>(answered->body.size() * 4);
  auto parsed = json::parse(answered->body, ec, std::move(where));
  if (ec) return fail(std::error_code(ec), "cannot read the answer of the manager");
  return parsed;
}

result<> client::follow(const std::string& target, const std::function<bool(const server_event&)>& take,
                        std::stop_token stop) {
  return implementation_->follow(request_of("GET", target, {}), take, stop);
}

bool nobody_is_there(const error& why) {
  return why.code == std::errc::no_such_file_or_directory || why.code == std::errc::connection_refused;
}

}  // namespace lineshaft::control
