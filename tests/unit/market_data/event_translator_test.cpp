#include "market_data/wire/event_translator.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace market_data;

namespace {

// "queue body" of each.
std::vector<std::string> messages_of(const std::vector<std::string_view>& events) {
  event_translator translator;
  message_batches batches;
  for (const auto event : events) translator.translate(event, batches);
  std::vector<std::string> messages;
  for (auto which : streams) {
    for (auto body : batches[static_cast<std::size_t>(which)].views()) {
      messages.push_back(std::string(to_string(which)) + ' ' + std::string(body));
    }
  }
  return messages;
}

std::string message_of(std::string_view event) {
  const auto messages = messages_of({event});
  return messages.size() == 1 ? messages[0] : "not one message";
}

}  // namespace

// The vendor's own sample events, and the predecessor's messages for them.
TEST(event_translator, writes_the_long_names_in_the_order_of_the_predecessor) {
  const struct {
    const char* event;
    const char* message;
  } rows[] = {
      {R"({"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328})",
       R"(trades {"event_type":"T","symbol":"MSFT","exchange":4,"id":"12345","tape":3,"price":114.125,"size":100,"conditions":[0,12],"timestamp":1536036818784,"sequence_number":3681328,"trf_id":null,"trf_timestamp":null})"},
      {R"({"ev":"A","sym":"SPCE","v":200,"av":8642007,"op":25.66,"vw":25.3981,"o":25.39,"c":25.39,"h":25.39,"l":25.39,"a":25.3714,"z":50,"s":1610144868000,"e":1610144869000})",
       R"(aggregate {"event_type":"A","symbol":"SPCE","volume":200,"accumulated_volume":8642007,"official_open_price":25.66,"vwap":25.3981,"open":25.39,"close":25.39,"high":25.39,"low":25.39,"aggregate_vwap":25.3714,"average_size":50,"start_timestamp":1610144868000,"end_timestamp":1610144869000,"otc":null})"},
      {R"({"ev":"AM","sym":"GTE","v":4110,"av":9470157,"op":0.4372,"vw":0.4488,"o":0.4488,"c":0.4486,"h":0.4489,"l":0.4486,"a":0.4352,"z":685,"s":1610144640000,"e":1610144700000,"otc":true})",
       R"(aggregate {"event_type":"AM","symbol":"GTE","volume":4110,"accumulated_volume":9470157,"official_open_price":0.4372,"vwap":0.4488,"open":0.4488,"close":0.4486,"high":0.4489,"low":0.4486,"aggregate_vwap":0.4352,"average_size":685,"start_timestamp":1610144640000,"end_timestamp":1610144700000,"otc":true})"},
      {R"({"ev":"Q","sym":"MSFT","bx":4,"bp":114.125,"bs":100,"ax":7,"ap":114.128,"as":160,"c":0,"i":[604],"t":1536036818784,"q":50385480,"z":3})",
       R"(quotes {"event_type":"Q","symbol":"MSFT","bid_exchange_id":4,"bid_price":114.125,"bid_size":100,"ask_exchange_id":7,"ask_price":114.128,"ask_size":160,"condition":0,"indicators":[604],"timestamp":1536036818784,"sequence_number":50385480,"tape":3})"},
      {R"({"ev":"LULD","T":"MSFT","h":218.96,"l":198.11,"i":[21],"z":3,"t":1601316752683746,"q":290317})",
       R"(halts {"event_type":"LULD","symbol":"MSFT","high_price":218.96,"low_price":198.11,"indicators":[21],"tape":3,"timestamp":1601316752683746,"sequence_number":290317})"},
  };
  for (const auto& row : rows) EXPECT_EQ(message_of(row.event), row.message);
}

TEST(event_translator, takes_the_fields_of_an_event_in_any_order_with_any_spacing_and_numbers_as_they_stand) {
  EXPECT_EQ(
      message_of("{ \"q\" : 1 , \"h\" : 1.10 , \"ev\" : \"LULD\" , \"l\" : 1e-5 , \"i\" : [ 17 ] , \"T\" : \"A B\" , "
                 "\"z\" : 3,\"t\":12345678901234567890\n}"),
      R"(halts {"event_type":"LULD","symbol":"A B","high_price":1.10,"low_price":1e-5,"indicators":[ 17 ],"tape":3,"timestamp":12345678901234567890,"sequence_number":1})");
}

TEST(event_translator, writes_null_for_what_an_event_lacks) {
  EXPECT_EQ(
      message_of(R"({"ev":"LULD"})"),
      R"(halts {"event_type":"LULD","symbol":null,"high_price":null,"low_price":null,"indicators":null,"tape":null,"timestamp":null,"sequence_number":null})");
}

TEST(event_translator, passes_events_of_other_types_on_as_they_came) {
  for (std::string event :
       {R"({"ev":"FMV","fmv":189.22,"sym":"AAPL","t":1678220098130})",
        R"({"ev":"NOI","T":"NTEST.Q","n":{"a":[1,{"b":null}]}})", R"({"no":"type"})", R"({"ev":7})", "{}"}) {
    EXPECT_EQ(message_of(event), "unknown " + event);
  }
}

TEST(event_translator, keeps_the_order_of_each_queue) {
  EXPECT_EQ(
      messages_of({R"({"ev":"X","n":1})", R"({"ev":"X","n":2})", R"({"ev":"Q"})", R"({"ev":"X","n":3})"}),
      (std::vector<std::string>{
          R"(quotes {"event_type":"Q","symbol":null,"bid_exchange_id":null,"bid_price":null,"bid_size":null,"ask_exchange_id":null,"ask_price":null,"ask_size":null,"condition":null,"indicators":null,"timestamp":null,"sequence_number":null,"tape":null})",
          R"(unknown {"ev":"X","n":1})", R"(unknown {"ev":"X","n":2})", R"(unknown {"ev":"X","n":3})"}));
}

TEST(event_translator, appends_nothing_for_what_is_no_object) {
  for (auto text : {"", "7", "[]", R"({"ev":"T")", R"({"ev":"T"} x)"}) {
    event_translator translator;
    message_batches batches;
    EXPECT_FALSE(translator.translate(text, batches)) << text;
    for (const auto& batch : batches) EXPECT_TRUE(batch.empty()) << text;
  }
}
