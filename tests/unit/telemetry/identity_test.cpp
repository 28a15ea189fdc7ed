#include "telemetry/identity.hpp"

#include <gmock/gmock.h>

using namespace lineshaft::telemetry;
using testing::ElementsAre;

namespace {

environment_list with_identity(environment_list environment) {
  write_identity(environment, "shop", "w", 3, "0123abcd");
  return environment;
}

}  // namespace

TEST(identity, names_the_service_and_the_process) {
  EXPECT_THAT(with_identity({"A=1"}), ElementsAre("A=1", "OTEL_SERVICE_NAME=shop",
                                                  "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=w/3/0123abcd"));
}

TEST(identity, leaves_a_service_that_is_named_already) {
  EXPECT_THAT(with_identity({"OTEL_SERVICE_NAME=mine"}),
              ElementsAre("OTEL_SERVICE_NAME=mine", "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=w/3/0123abcd"));
  EXPECT_THAT(with_identity({"OTEL_RESOURCE_ATTRIBUTES=service.name=mine"}),
              ElementsAre("OTEL_RESOURCE_ATTRIBUTES=service.name=mine,service.instance.id=w/3/0123abcd"));
}

TEST(identity, an_empty_service_name_is_none) {
  EXPECT_THAT(with_identity({"OTEL_SERVICE_NAME= "}),
              ElementsAre("OTEL_SERVICE_NAME=shop", "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=w/3/0123abcd"));
}

TEST(identity, keeps_the_other_attributes_as_they_came_and_no_inherited_instance) {
  EXPECT_THAT(
      with_identity({"OTEL_SERVICE_NAME=s", "OTEL_RESOURCE_ATTRIBUTES=a=%20, service.instance.id =old,b=2,"}),
      ElementsAre("OTEL_SERVICE_NAME=s", "OTEL_RESOURCE_ATTRIBUTES=a=%20,b=2,service.instance.id=w/3/0123abcd"));
}

TEST(identity, gives_way_where_the_variable_would_be_too_long_for_a_program) {
  const std::string name = "OTEL_RESOURCE_ATTRIBUTES=", mine = ",service.instance.id=w/3/0123abcd";
  const auto longest = 128 * 1024 - 1 - name.size();
  const auto fits = "a=" + std::string(longest - 2 - mine.size(), 'x');
  EXPECT_THAT(with_identity({"OTEL_SERVICE_NAME=s", name + fits}),
              ElementsAre("OTEL_SERVICE_NAME=s", name + fits + mine));
  const auto too_long = fits + "x";
  EXPECT_THAT(with_identity({"OTEL_SERVICE_NAME=s", name + too_long + ",service.instance.id=old"}),
              ElementsAre("OTEL_SERVICE_NAME=s", name + too_long));
}

TEST(identity, is_another_one_each_time) { EXPECT_NE(fresh_digits(), fresh_digits()); }
