#pragma once
// A feed out of a file.
#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "lineshaft/feed.hpp"
#include "replay/decoder.hpp"
#include "replay/line_reader.hpp"
#include "replay/options.hpp"
#include "replay/pacer.hpp"

namespace lineshaft::replay {

/// Time, as far as a recording needs it: a test gives one of its own.
class replay_clock {
 public:
  virtual ~replay_clock() = default;
  virtual pacer::time_point now() = 0;
  /// Returns at `when`, or before if it is cancelled.
  virtual boost::asio::awaitable<void> wait_until(pacer::time_point when) = 0;
};

std::unique_ptr<replay_clock> make_steady_clock(boost::asio::any_io_executor executor);

class replay_feed final : public feed {
 public:
  /// Whether the file is a table or has frames is told by its name (.csv, .ndjson, .jsonl, .json, each also with .gz),
  /// else by its first line.
  static result<std::unique_ptr<replay_feed>> open(boost::asio::any_io_executor executor, options how,
                                                   std::unique_ptr<replay_clock> clock);

  boost::asio::awaitable<result<std::optional<feed_frame>>> next() override;
  std::uint64_t decoding_errors() const override { return decoding_errors_; }
  const std::string& first_decoding_error() const override { return first_decoding_error_; }

 private:
  replay_feed(boost::asio::any_io_executor executor, options how, std::unique_ptr<replay_clock> clock,
              line_reader lines)
      : executor_(std::move(executor)),
        how_(std::move(how)),
        clock_(std::move(clock)),
        lines_(std::move(lines)),
        pacer_(how_.speed) {}

  result<> choose_decoder();
  /// Reads on to the next line with events that are wanted: false at the end of the file, or when it is time to let
  /// the event loop run. Then `at_end_` tells which.
  result<bool> read_frame();
  void decode(const line_reader::line& line);
  void count_error(const std::string& why);
  /// Back to the beginning. An error if there was no event in all of the file: it would go round for ever.
  result<> begin_again();

  boost::asio::any_io_executor executor_;
  options how_;
  std::unique_ptr<replay_clock> clock_;
  line_reader lines_;
  pacer pacer_;
  std::unique_ptr<decoder> decoder_;
  bool is_table_ = false, at_end_ = false;
  std::vector<feed_event> events_;
  std::uint64_t events_of_round_ = 0, lines_since_yield_ = 0, decoding_errors_ = 0;
  std::string first_decoding_error_;
};

}  // namespace lineshaft::replay
