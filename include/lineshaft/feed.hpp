#pragma once
// Feeds: where events come in from outside, in frames, as the source sent them.
// Owned by the worker that opened it and used from its event loop's thread alone, by one coroutine at a time.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lineshaft/connect.hpp"
#include "lineshaft/error.hpp"

namespace lineshaft {

/// One event: a JSON object, with what is needed to route it already read. Views into the frame.
struct feed_event {
  std::string_view json;             ///< the whole object, checked to be valid JSON
  std::string_view type;             ///< "ev": "T", "Q", "A", "AM", "LULD" …; empty if it is missing
  std::string_view symbol;           ///< "sym", or "T" of a halt; empty if it is missing
  std::chrono::milliseconds time{};  ///< since the epoch: "e" of an aggregate, else "t"; 0 if it is missing
};

/// What the source sent at once: at least one event.
struct feed_frame {
  std::span<const feed_event> events;
  std::uint64_t line = 0;  ///< where in the source it stood, from 1, if the source has lines
};

class feed {
 public:
  virtual ~feed() = default;
  /// The next frame; its views live until the next call. No frame: the feed has ended. Input that cannot be
  /// read is counted and skipped, never an error; an error means that the feed itself is gone.
  /// Lets the event loop run other things now and then, also when it never has to wait.
  virtual boost::asio::awaitable<result<std::optional<feed_frame>>> next() = 0;
  /// How many lines or frames could not be read so far.
  virtual std::uint64_t decoding_errors() const = 0;
  /// The first of them, with its place: "data.ndjson line 17: …". Empty as long as there is none.
  virtual const std::string& first_decoding_error() const = 0;
};

/// Opens the feed that `url` names, "replay:data/sample.ndjson.gz?speed=10".
opening<feed> open_feed(boost::asio::any_io_executor executor, std::string url);

}  // namespace lineshaft
