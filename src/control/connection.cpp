#include "control/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "control/http_request.hpp"
#include "control/problem.hpp"

namespace lineshaft::control {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::asio::awaitable;

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

struct reading {
  std::optional<http_request> got;
  std::optional<reply> refused;
};

awaitable<reading> read_request(connection& with, beast::flat_buffer& buffer, const limits& most) {
  http_request_parser from;
  bound(from, most);
  if (buffer.size() == 0) {
    with.stream.expires_after(most.idle_time);
    const auto [ec, bytes] = co_await with.stream.async_read_some(buffer.prepare(1024), as_result);
    if (ec) co_return reading();
    buffer.commit(bytes);
  }
  // One deadline for the whole request: a byte now and then does not put it off.
  with.stream.expires_after(most.request_time);
  const auto [ec, bytes] = co_await http::async_read(with.stream, buffer, from, as_result);
  if (ec) co_return reading{std::nullopt, refusal_of(ec)};
  co_return reading{from.release(), std::nullopt};
}

http::response<http::string_body> message_of(reply answered, unsigned version, bool keep_alive, bool head_only) {
  http::response<http::string_body> out(static_cast<http::status>(answered.status), version);
  out.set(http::field::content_type, answered.content_type);
  out.set(http::field::cache_control, "no-store");
  out.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : answered.headers) out.set(name, value);
  out.keep_alive(keep_alive);
  out.content_length(answered.body.size());
  if (!head_only) out.body() = std::move(answered.body);
  return out;
}

awaitable<bool> write(connection& with, const http::response<http::string_body>& out, bool head_only,
                      const limits& most) {
  with.stream.expires_after(most.write_time);
  http::response_serializer<http::string_body> serializer(out);
  if (head_only) {
    const auto [ec, bytes] = co_await http::async_write_header(with.stream, serializer, as_result);
    co_return !ec;
  }
  const auto [ec, bytes] = co_await http::async_write(with.stream, serializer, as_result);
  co_return !ec;
}

awaitable<bool> write_text(connection& with, std::string text, const limits& most) {
  with.stream.expires_after(most.write_time);
  const auto [ec, bytes] = co_await boost::asio::async_write(
      with.stream, http::make_chunk(boost::asio::const_buffer(text.data(), text.size())), as_result);
  co_return !ec;
}

// Until the client has gone, or the connection has to end. What says nothing for a while sends a comment, which finds
// out whether somebody still listens.
awaitable<bool> write_stream(connection& with, reply head, bool keep_alive, const limits& most) {
  http::response<http::empty_body> out(http::status::ok, 11);
  out.set(http::field::content_type, head.content_type);
  out.set(http::field::cache_control, "no-store");
  out.keep_alive(keep_alive);
  out.chunked(true);
  http::response_serializer<http::empty_body> serializer(out);
  with.stream.expires_after(most.write_time);
  const auto [unsent, bytes] = co_await http::async_write_header(with.stream, serializer, as_result);
  if (unsent) co_return false;
  with.telling = head.goes_on;
  std::string first = ": here\n\n";
  bool listens = co_await write_text(with, std::move(first), most);
  while (listens && !with.ending) {
    auto text = co_await with.telling->next(most.keep_alive);
    if (with.ending) break;
    if (text.empty()) text = ": \n\n";
    listens = co_await write_text(with, std::move(text), most);
  }
  with.telling.reset();
  if (!listens) co_return false;
  const auto [ec, last] = co_await boost::asio::async_write(with.stream, http::make_chunk_last(), as_result);
  co_return !ec;
}

awaitable<reply> answer_to(connection& with, service& ours, const access_rules& rules, request asked) {
  asked.by = with.who;
  if (with.by != entrance::remote) co_return co_await answer(ours, std::move(asked), with.may);
  auto may = role_of_request(rules, asked);
  if (!may) co_return std::move(may.error());
  co_return co_await answer(ours, std::move(asked), *may);
}

// What the client has sent and nobody will read would make the kernel reset the connection, and the answer be lost.
awaitable<void> say_goodbye(connection& with, beast::flat_buffer& buffer, const limits& most) {
  beast::error_code ignored;
  (void)with.stream.socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
  with.stream.expires_after(most.farewell);
  for (std::uint64_t left = most.body_bytes; left > 0;) {
    buffer.clear();
    const auto [ec, bytes] = co_await with.stream.async_read_some(buffer.prepare(4096), as_result);
    if (ec) break;
    left -= std::min<std::uint64_t>(left, bytes);
  }
}

}  // namespace

void connection::hang_up() {
  ending = true;
  if (telling) telling->wake();
  if (!answering) stream.cancel();
}

awaitable<void> serve(connection& with, service& ours, const access_rules& rules, const limits& most) {
  beast::flat_buffer buffer;
  while (!with.ending) {
    with.silent_since = std::chrono::steady_clock::now();
    auto got = co_await read_request(with, buffer, most);
    if (got.refused) {
      const auto out = message_of(std::move(*got.refused), 11, false, false);
      co_await write(with, out, false, most);
      co_await say_goodbye(with, buffer, most);
      break;
    }
    if (!got.got) break;
    with.answering = true;
    auto& read = *got.got;
    const bool head_only = read.method() == http::verb::head;
    const bool keep_alive = read.keep_alive();
    const auto version = read.version();
    auto answered = co_await answer_to(with, ours, rules, request_of(std::move(read)));
    if (answered.goes_on && version < 11) answered = problem(400, "a stream takes HTTP/1.1, or ?follow=false");
    const bool goes_on = keep_alive && !with.ending;
    bool written = false;
    if (answered.goes_on && !head_only) {
      written = co_await write_stream(with, std::move(answered), goes_on, most);
    } else {
      const auto out = message_of(std::move(answered), version, goes_on, head_only);
      written = co_await write(with, out, head_only, most);
    }
    with.answering = false;
    if (!written || !goes_on) break;
  }
}

}  // namespace lineshaft::control
