// The event log through the AWS API.
#include "controlplane/gateway/aws/wire/iso_time.h"
#include "tests/unit/gateway_aws/called_handlers.h"

namespace cacheplane::gateway::aws {
namespace {

using std::chrono::minutes;
using Texts = std::vector<std::string>;

class AwsEvents : public CalledHandlers {
 protected:
  // Before the present of the clock that stands.
  void Given(const std::string& type, const std::string& source, const std::string& message, minutes ago) {
    service::World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      transaction.journal().AppendEvent({.sequence = 0,
                                         .time = now - ago,
                                         .source_type = type,
                                         .source = source,
                                         .message = message,
                                         .severity = model::Severity::kInfo,
                                         .cluster = ""});
      return {};
    }));
  }
  void GivenDay() {
    Given("replication-group", "orders", "yesterday", minutes(24 * 60));
    Given("replication-group", "orders", "two hours ago", minutes(120));
    Given("cache-cluster", "orders-001", "first", minutes(50));
    Given("agent", "agent-a", "ours alone", minutes(45));
    Given("replication-group", "carts", "second", minutes(40));
    Given("cache-parameter-group", "mine", "third", minutes(30));
    Given("agent", "agent-a", "ours alone", minutes(25));
    Given("replication-group", "orders", "fourth", minutes(20));
  }
  Texts Told(const Json& input) { return Paged("DescribeEvents", input, "Events", "Message"); }
  std::string At(minutes ago) const { return IsoTime(now - ago); }

  const WallTime now = world.clock.Now();
};

TEST_F(AwsEvents, AreThoseOfTheLastHourNewestFirst) {
  GivenDay();
  EXPECT_EQ(Told(Json::object()), (Texts{"fourth", "third", "second", "first"}));
  const Json all = Ask("DescribeEvents", Json::object());
  EXPECT_FALSE(all.contains("Marker"));
  EXPECT_EQ(all.at("Events").at(0), (Json{{"SourceIdentifier", "orders"},
                                          {"SourceType", "replication-group"},
                                          {"Message", "fourth"},
                                          {"Date", At(minutes(20))}}));
}

TEST_F(AwsEvents, AreOfTheTimeThatIsAskedFor) {
  GivenDay();
  EXPECT_EQ(Told({{"Duration", 35}}), (Texts{"fourth", "third"}));
  EXPECT_EQ(Told({{"Duration", 20160}}).size(), 6U);
  EXPECT_EQ(Told({{"StartTime", At(minutes(130))}, {"EndTime", At(minutes(40))}}),
            (Texts{"second", "first", "two hours ago"}));
  EXPECT_EQ(Told({{"StartTime", At(minutes(50))}, {"Duration", 10}}), (Texts{"second", "first"}));
  EXPECT_EQ(Told({{"EndTime", At(minutes(40))}, {"Duration", 5}}), Texts{"second"});
  EXPECT_EQ(Told({{"EndTime", At(minutes(40))}}), (Texts{"second", "first"}));
  EXPECT_EQ(Told({{"StartTime", At(minutes(35))}}), (Texts{"fourth", "third"}));
  EXPECT_EQ(Told({{"StartTime", At(-minutes(35))}}), Texts{});
  EXPECT_EQ(Told({{"StartTime", "1960-01-01"}}).size(), 6U);
}

TEST_F(AwsEvents, AreOfTheSourceThatIsAskedFor) {
  GivenDay();
  EXPECT_EQ(Told({{"SourceType", "replication-group"}}), (Texts{"fourth", "second"}));
  EXPECT_EQ(Told({{"SourceType", "replication-group"}, {"SourceIdentifier", "ORDERS"}}), Texts{"fourth"});
  EXPECT_EQ(Told({{"SourceType", "cache-parameter-group"}}), Texts{"third"});
  EXPECT_EQ(Told({{"SourceType", "cache-cluster"}, {"SourceIdentifier", "orders-002"}}), Texts{});
  EXPECT_EQ(Told({{"SourceType", "user"}}), Texts{});
}

TEST_F(AwsEvents, PagesStayInTheSpanOfTheFirst) {
  GivenDay();
  const Json first = Ask("DescribeEvents", {{"MaxRecords", 1}});
  Given("replication-group", "orders", "a latecomer", minutes(0));
  const Json second = Ask("DescribeEvents", {{"MaxRecords", 2}, {"Marker", first.at("Marker")}});
  EXPECT_EQ(second.at("Events").at(0).at("Message"), "third");
  EXPECT_EQ(second.at("Events").at(1).at("Message"), "second");
}

TEST_F(AwsEvents, WrongQuestionsAreRefused) {
  const auto refused = [&](const Json& input) { return Refused("DescribeEvents", input); };
  EXPECT_EQ(refused({{"SourceIdentifier", "orders"}}),
            "InvalidParameterCombination SourceIdentifier: allowed: together with SourceType");
  EXPECT_TRUE(refused({{"SourceType", "agent"}})
                  .starts_with("InvalidParameterValue SourceType: \"agent\" is unknown; allowed: \"cache-cluster\", "));
  EXPECT_TRUE(refused({{"StartTime", "noon"}}).starts_with("InvalidParameterValue StartTime: \"noon\" is no time"));
  EXPECT_TRUE(refused({{"Duration", 0}}).starts_with("InvalidParameterValue Duration: 0 is out of range"));
  EXPECT_TRUE(refused({{"StartTime", At(minutes(1))}, {"EndTime", At(minutes(2))}})
                  .starts_with("InvalidParameterCombination EndTime: "));
  EXPECT_TRUE(refused({{"StartTime", At(minutes(2))}, {"EndTime", At(minutes(1))}, {"Duration", 1}})
                  .starts_with("InvalidParameterCombination "));
  for (const char* marker : {"x", "1-2-", "1-2-pooh", "9-2-p00", "1-2-3-4"}) {
    EXPECT_TRUE(refused({{"Marker", marker}}).starts_with("InvalidParameterValue Marker: ")) << marker;
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
