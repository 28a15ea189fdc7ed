#include "supervisor/own_variables.hpp"

#include <gmock/gmock.h>

using namespace lineshaft::supervisor;
using testing::IsEmpty;
using testing::Key;
using testing::Pair;
using testing::UnorderedElementsAre;

namespace {

std::map<std::string, std::string> complaints(const std::vector<std::string>& inherited,
                                              const std::map<std::string, std::string>& own) {
  const std::string name = "feed";
  return complaints_about({name, inherited, own});
}

}  // namespace

TEST(own_variables, are_complained_about_by_name_and_worker_and_without_their_values) {
  EXPECT_THAT(
      complaints({}, {{"OTEL_TRACES_SAMPLER", "s3cret"}, {"HOME", "/"}}),
      UnorderedElementsAre(Pair("OTEL_TRACES_SAMPLER",
                                "OTEL_TRACES_SAMPLER has a value that cannot be used, in the environment of 'feed'")));
  EXPECT_THAT(complaints({}, {{"LINESHAFT_LOG_FORMAT", "xml"}, {"OTEL_BSP_SCHEDULE_DELAY", "1"}}),
              UnorderedElementsAre(Key("LINESHAFT_LOG_FORMAT")));
}

TEST(own_variables, are_read_together_with_those_that_are_inherited) {
  const std::map<std::string, std::string> gzip = {{"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"}};
  EXPECT_THAT(complaints({"OTEL_TRACES_EXPORTER=otlp"}, gzip), testing::SizeIs(1));
  EXPECT_THAT(complaints({"OTEL_TRACES_EXPORTER=otlp", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, gzip), IsEmpty());
}

TEST(own_variables, of_which_the_manager_has_told_already_are_not_complained_about) {
  EXPECT_THAT(complaints({"OTEL_TRACES_SAMPLER=x"}, {}), IsEmpty());
  EXPECT_THAT(complaints({"OTEL_TRACES_SAMPLER=x"}, {{"OTEL_TRACES_SAMPLER", "x"}}), IsEmpty());
  EXPECT_THAT(complaints({"OTEL_TRACES_SAMPLER=x"}, {{"OTEL_TRACES_SAMPLER", "y"}}), testing::SizeIs(1));
}

TEST(own_variables, are_not_complained_about_where_no_warnings_are_wanted) {
  EXPECT_THAT(complaints({}, {{"OTEL_TRACES_SAMPLER", "x"}, {"OTEL_LOG_LEVEL", "error"}}), IsEmpty());
}
