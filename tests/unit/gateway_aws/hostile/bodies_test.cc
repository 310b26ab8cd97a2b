// Bodies that no client sends: made by hand, and by chance.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/gateway_aws/hostile/ground.h"

namespace cacheplane::gateway::aws {
namespace {

TEST(HostileBodies, MadeByHand) {
  const std::string describe = "Action=DescribeReplicationGroups";
  const std::string orders = "&ReplicationGroupId=orders";
  const std::vector<std::string> bodies = {
      "",
      "&",
      "&&&&",
      "=",
      "==",
      "=x",
      "%",
      "%00=%00",
      "Action",
      "Action=",
      "Action=%00",
      "Action=" + std::string(100'000, 'A'),
      "Action=DescribeReplicationGroups%00",
      "action=DescribeReplicationGroups",
      "Action=describereplicationgroups",
      "Action=../../DescribeReplicationGroups",
      "Action=GetCallerIdentity",
      "Action=DescribeReplicationGroups&Action=DeleteReplicationGroup" + orders,
      "Action=%3C%2FCode%3E%3Ca%3E",
      "Action=%0d%0aX-Injected%3A%20a",
      describe + "&Version=2011-06-15",
      describe + "&Version=2015-02-02&Version=2015-02-02",
      describe + "&Version=2015-02-02%20",
      describe + "&ReplicationGroupId=%F0%9F%98%80",
      describe + "&" + std::string(100'000, 'x') + "=1",
      describe + "&" + Escaped(std::string(5'000, '.')) + "=1",
      describe + "&ReplicationGroupId.ReplicationGroupId.ReplicationGroupId=1",
      R"({"Action":"DescribeReplicationGroups"})",
      "<Action>DescribeReplicationGroups</Action>",
      "Action=DeleteReplicationGroup" + orders + ";ReplicationGroupId=carts",
      "Action=ModifyReplicationGroup" + orders + "&PrimaryClusterId=orders-002&EngineVersion=8.1",
      "Action=CreateReplicationGroup&ReplicationGroupId=a&ReplicationGroupDescription=d&NumCacheClusters=2"
      "&ReplicasPerNodeGroup=3",
      "Action=ResetCacheParameterGroup&CacheParameterGroupName=mine&ResetAllParameters=true"
      "&ParameterNameValues.ParameterNameValue.1.ParameterName=maxmemory-policy",
      "Action=ListAllowedNodeTypeModifications&CacheClusterId=orders-001" + orders,
      "Action=DescribeEvents&StartTime=2026-01-01&EndTime=2026-01-02&Duration=5",
      "Action=DescribeEvents&StartTime=2026-01-02&EndTime=2026-01-01",
      "Action=DescribeEvents&Marker=9223372036854775807-9223372036854775807-x",
      "Action=DescribeEvents&Marker=99999999999999999999-1-x",
      "Action=DescribeEvents&StartTime=9999-12-31T23:59:59Z&Duration=20160"};
  Ground ground;
  for (const std::string& body : bodies) {
    ground.Make({.name = "by hand: " + body.substr(0, 80), .body = body, .blamed = {}}, nullptr);
  }
}

TEST(HostileBodies, ItemsUnderBothNamesAndGapsKeepTheirOrder) {
  ServedApi api;
  const std::string arn = "arn%3Aaws%3Aelasticache%3Aus-east-2%3A000000000000%3Areplicationgroup%3Aorders";
  api.MustPost("Action=AddTagsToResource&ResourceName=" + arn +
               "&Tags.Tag.10000.Key=z&Tags.Tag.7.Key=a&Tags.member.8.Key=b&Tags.member.7.Key=lost");
  const std::string tags = api.Post("Action=ListTagsForResource&ResourceName=" + arn).body;
  for (const char* key : {"a", "b", "team", "z"}) EXPECT_NE(tags.find(fmt::format("<Key>{}</Key>", key)), tags.npos);
  EXPECT_EQ(tags.find("lost"), tags.npos);
}

// Changes bodies by chance: values, names, escapes, bytes.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  std::string Changed(const ModelOperation& operation, Form form) {
    const std::vector<Place> places = PlacesIn(*operation.input);
    for (std::size_t changes = Below(4); changes > 0 && !places.empty(); --changes) {
      const Place& place = places[Below(places.size())];
      const auto values = BadValues(*place.shape);
      const auto fillers = std::get<Form>(ParseForm(place.fillers));
      form.insert(fillers.begin(), fillers.end());
      form[place.name] = values[Below(values.size())].second;
    }
    std::string body = BodyOf(form);
    for (std::size_t changes = Below(4); changes > 0; --changes) ChangeBytes(body);
    return body;
  }

 private:
  void ChangeBytes(std::string& body) {
    const std::size_t at = Below(body.size() + 1);
    switch (Below(5)) {
      case 0: body.insert(at, 1, static_cast<char>(Below(256))); break;
      case 1: body.insert(at, std::string(1, "&=%+.1"[Below(6)])); break;
      case 2: body.erase(at, Below(8)); break;
      case 3: body.insert(at, body.substr(Below(body.size() + 1), Below(64))); break;
      default: std::swap(body[at % body.size()], body[Below(body.size())]);
    }
    if (body.empty()) body = "&";
  }

  std::mt19937_64 random_;
};

TEST(HostileBodies, MadeByChance) {
  const std::uint64_t seed = Seed();
  SCOPED_TRACE(fmt::format("again with HOSTILE_SEED={}", seed));
  Chance chance(seed);
  Ground ground;
  for (const auto& [action, operation] : ApiModel::ElastiCache().operations()) {
    for (const GoodCall& good : GoodCallsOf(action)) {
      for (int i = 0; i < 40; ++i) {
        ground.Make({.name = fmt::format("by chance {} {}", action, i),
                     .body = chance.Changed(operation, good.form),
                     .blamed = {}},
                    good.golden);
      }
    }
  }
  EXPECT_GE(ground.made(), 3000);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
