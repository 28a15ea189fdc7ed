#include "replay/replay_feed.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>

#include "replay/frame_decoder.hpp"
#include "replay/table_decoder.hpp"

namespace lineshaft::replay {

namespace asio = boost::asio;

namespace {

class steady final : public replay_clock {
 public:
  explicit steady(const asio::any_io_executor& executor) : timer_(executor) {}
  pacer::time_point now() override { return std::chrono::steady_clock::now(); }
  asio::awaitable<void> wait_until(pacer::time_point when) override {
    timer_.expires_at(when);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }

 private:
  asio::steady_timer timer_;
};

enum class form { table, frames };

form form_of(std::filesystem::path path, std::string_view first_line) {
  if (path.extension() == ".gz") path.replace_extension();
  const auto extension = path.extension();
  if (extension == ".csv") return form::table;
  if (extension == ".ndjson" || extension == ".jsonl" || extension == ".json") return form::frames;
  const auto first = first_line.find_first_not_of(" \t");
  const bool json = first != std::string_view::npos && (first_line[first] == '[' || first_line[first] == '{');
  return json ? form::frames : form::table;
}

// The symbol of a table that names none: "data/aapl.csv.gz" has AAPL.
std::string symbol_of(const std::filesystem::path& path) {
  auto name = path.filename().string();
  name.resize(std::min(name.find('.'), name.size()));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return name;
}

constexpr std::uint64_t lines_between_yields = 64;

}  // namespace

std::unique_ptr<replay_clock> make_steady_clock(asio::any_io_executor executor) {
  return std::make_unique<steady>(executor);
}

result<std::unique_ptr<replay_feed>> replay_feed::open(asio::any_io_executor executor, options how,
                                                       std::unique_ptr<replay_clock> clock) {
  auto lines = line_reader::open(how.path);
  if (!lines) return std::unexpected(std::move(lines.error()));
  std::unique_ptr<replay_feed> feed(
      new replay_feed(std::move(executor), std::move(how), std::move(clock), std::move(*lines)));
  if (auto chosen = feed->choose_decoder(); !chosen) return std::unexpected(std::move(chosen.error()));
  return feed;
}

result<> replay_feed::choose_decoder() {
  const auto first = lines_.next();
  if (!first) return std::unexpected(first.error());
  const auto text = *first ? (*first)->text : std::string_view();
  is_table_ = form_of(how_.path, text) == form::table;
  if (!is_table_ || !*first) {
    decoder_ = make_frame_decoder();
    return lines_.rewind();
  }
  auto table = make_table_decoder(text, how_.symbol.empty() ? symbol_of(how_.path) : how_.symbol);
  if (!table) {
    table.error().doing = "cannot read '" + how_.path + "' line 1: " + table.error().doing;
    return std::unexpected(std::move(table.error()));
  }
  decoder_ = std::move(*table);
  return {};
}

asio::awaitable<result<std::optional<feed_frame>>> replay_feed::next() {
  for (;;) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      co_return fail(std::errc::operation_canceled, "cannot read feed '" + how_.path + "'");
    // A feed that never waits must not keep the event loop from anything else.
    if (lines_since_yield_ >= lines_between_yields) {
      lines_since_yield_ = 0;
      co_await asio::post(executor_, asio::as_tuple(asio::use_awaitable));
      continue;
    }
    const auto found = read_frame();
    if (!found) co_return std::unexpected(found.error());
    if (*found) break;
    if (!at_end_) continue;
    if (!how_.loop) co_return std::nullopt;
    if (auto again = begin_again(); !again) co_return std::unexpected(std::move(again.error()));
  }
  const auto now = clock_->now();
  const auto due = pacer_.due(events_.front().time, now);
  if (due > now) {
    co_await clock_->wait_until(due);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      co_return fail(std::errc::operation_canceled, "cannot read feed '" + how_.path + "'");
  }
  events_of_round_ += events_.size();
  co_return feed_frame{.events = events_, .line = lines_.number()};
}

result<bool> replay_feed::read_frame() {
  at_end_ = false;
  while (lines_since_yield_ < lines_between_yields) {
    const auto line = lines_.next();
    if (!line) return std::unexpected(line.error());
    if (!*line) {
      at_end_ = true;
      return false;
    }
    ++lines_since_yield_;
    decode(**line);
    if (!events_.empty()) return true;
  }
  return false;
}

void replay_feed::decode(const line_reader::line& line) {
  events_.clear();
  if (line.too_long) return count_error("longer than " + std::to_string(line_reader::line_limit) + " bytes");
  if (line.text.find_first_not_of(" \t") == std::string_view::npos) return;
  if (is_table_ && lines_.number() == 1) return;
  if (const auto why = decoder_->decode(line.text, events_)) return count_error(*why);
  if (!how_.symbol.empty())
    std::erase_if(events_, [&](const feed_event& event) { return event.symbol != how_.symbol; });
}

void replay_feed::count_error(const std::string& why) {
  ++decoding_errors_;
  if (decoding_errors_ == 1)
    first_decoding_error_ = how_.path + " line " + std::to_string(lines_.number()) + ": " + why;
}

result<> replay_feed::begin_again() {
  if (events_of_round_ == 0) return fail("cannot replay '" + how_.path + "' again and again: there is no event in it");
  events_of_round_ = 0;
  pacer_.restart();
  decoder_->restart();
  return lines_.rewind();
}

}  // namespace lineshaft::replay
