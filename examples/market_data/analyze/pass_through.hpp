#pragma once
// The newest event of each symbol, unchanged, under its type's key.
#include <map>
#include <string>

#include "market_data/analyze/analyzer.hpp"
#include "market_data/analyze/events.hpp"

namespace market_data {

class pass_through final : public analyzer {
 public:
  boost::asio::awaitable<lineshaft::result<analysis>> analyze(const lineshaft::message_batch& batch,
                                                              lineshaft::cache& cache) override;

 private:
  event_reader reader_;
};

/// Where an event of this type goes, and for how long: "stocks:quotes:MSFT". Everything that is no event of a
/// known type, or has no symbol, goes to "unknown:{timestamp}".
struct destination {
  std::string key;
  lineshaft::time_to_live life;
};
destination destination_of(const event_head& event);

}  // namespace market_data
