#include "market_data/wire/names.hpp"

namespace market_data {
namespace {

constexpr field_name trade[] = {
    {"ev", R"({"event_type":)"}, {"sym", R"(,"symbol":)"},
    {"x", R"(,"exchange":)"},    {"i", R"(,"id":)"},
    {"z", R"(,"tape":)"},        {"p", R"(,"price":)"},
    {"s", R"(,"size":)"},        {"c", R"(,"conditions":)"},
    {"t", R"(,"timestamp":)"},   {"q", R"(,"sequence_number":)"},
    {"trfi", R"(,"trf_id":)"},   {"trft", R"(,"trf_timestamp":)"},
};

constexpr field_name aggregate[] = {
    {"ev", R"({"event_type":)"},
    {"sym", R"(,"symbol":)"},
    {"v", R"(,"volume":)"},
    {"av", R"(,"accumulated_volume":)"},
    {"op", R"(,"official_open_price":)"},
    {"vw", R"(,"vwap":)"},
    {"o", R"(,"open":)"},
    {"c", R"(,"close":)"},
    {"h", R"(,"high":)"},
    {"l", R"(,"low":)"},
    {"a", R"(,"aggregate_vwap":)"},
    {"z", R"(,"average_size":)"},
    {"s", R"(,"start_timestamp":)"},
    {"e", R"(,"end_timestamp":)"},
    {"otc", R"(,"otc":)"},
};

constexpr field_name quote[] = {
    {"ev", R"({"event_type":)"}, {"sym", R"(,"symbol":)"},  {"bx", R"(,"bid_exchange_id":)"},
    {"bp", R"(,"bid_price":)"},  {"bs", R"(,"bid_size":)"}, {"ax", R"(,"ask_exchange_id":)"},
    {"ap", R"(,"ask_price":)"},  {"as", R"(,"ask_size":)"}, {"c", R"(,"condition":)"},
    {"i", R"(,"indicators":)"},  {"t", R"(,"timestamp":)"}, {"q", R"(,"sequence_number":)"},
    {"z", R"(,"tape":)"},
};

constexpr field_name halt[] = {
    {"ev", R"({"event_type":)"}, {"T", R"(,"symbol":)"}, {"h", R"(,"high_price":)"}, {"l", R"(,"low_price":)"},
    {"i", R"(,"indicators":)"},  {"z", R"(,"tape":)"},   {"t", R"(,"timestamp":)"},  {"q", R"(,"sequence_number":)"},
};

}  // namespace

std::span<const field_name> fields_of(stream which) {
  switch (which) {
    case stream::trades: return trade;
    case stream::aggregate: return aggregate;
    case stream::quotes: return quote;
    case stream::halts: return halt;
    case stream::unknown: return {};
  }
  return {};
}

}  // namespace market_data
