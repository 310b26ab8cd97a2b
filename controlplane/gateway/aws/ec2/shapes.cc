#include "controlplane/gateway/aws/ec2/shapes.h"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cacheplane::gateway::aws::ec2 {
namespace {

// Shapes refer to each other: they stay where they are.
class Shapes {
 public:
  const Shape* Plain(Kind kind) {
    Shape shape;
    shape.kind = kind;
    return Keep(std::move(shape));
  }
  const Shape* Structure(std::vector<Member> members) {
    Shape shape;
    shape.kind = Kind::kStructure;
    shape.members = std::move(members);
    return Keep(std::move(shape));
  }
  // Of an answer: <item> for each.
  const Shape* Items(const Shape* item) { return List(item, "item"); }
  // Of a request: "SubnetId.1".
  const Shape* Numbered(const Shape* item) { return List(item, ""); }

 private:
  const Shape* List(const Shape* item, const char* name) {
    Shape shape;
    shape.kind = Kind::kList;
    shape.item = item;
    shape.item_name = name;
    return Keep(std::move(shape));
  }
  const Shape* Keep(Shape shape) { return &kept_.emplace_back(std::move(shape)); }

  std::deque<Shape> kept_;
};

using Operations = std::map<std::string, ModelOperation, std::less<>>;

class Model {
 public:
  Model() {
    Add("DescribeAvailabilityZones", In("ZoneName", {{"ZoneId", texts_}, {"AllAvailabilityZones", flag_}}),
        {{"availabilityZoneInfo", all_.Items(Zone())}});
    Add("DescribeSubnets", In("SubnetId", Paged()), {{"subnetSet", all_.Items(Subnet())}, {"nextToken", text_}});
    Add("DescribeSecurityGroups", In("GroupId", {{"GroupName", texts_}, {"MaxResults", number_}, {"NextToken", text_}}),
        {{"securityGroupInfo", all_.Items(SecurityGroup())}, {"nextToken", text_}});
    Add("DescribeVpcs", In("VpcId", Paged()), {{"vpcSet", all_.Items(Vpc())}, {"nextToken", text_}});
    const Shape* value = all_.Structure({{"value", flag_}});
    Add("DescribeVpcAttribute", {{"Attribute", text_, true}, {"VpcId", text_, true}},
        {{"vpcId", text_},
         {"enableDnsHostnames", value},
         {"enableDnsSupport", value},
         {"enableNetworkAddressUsageMetrics", value}});
  }
  const Operations& operations() const { return operations_; }

 private:
  void Add(const std::string& action, std::vector<Member> input, std::vector<Member> output) {
    operations_[action] = {action, all_.Structure(std::move(input)), all_.Structure(std::move(output)), ""};
  }

  std::vector<Member> In(const char* ids, const std::vector<Member>& more) {
    const Shape* filter = all_.Structure({{"Name", text_}, {"Value", texts_}});
    std::vector<Member> members = {{"Filter", all_.Numbered(filter)}, {ids, texts_}};
    members.insert(members.end(), more.begin(), more.end());
    return members;
  }
  std::vector<Member> Paged() { return {{"MaxResults", number_}, {"NextToken", text_}}; }

  const Shape* Tags() { return all_.Items(all_.Structure({{"key", text_}, {"value", text_}})); }

  const Shape* Zone() {
    return all_.Structure({{"zoneName", text_},
                           {"zoneState", text_},
                           {"regionName", text_},
                           {"messageSet", all_.Items(all_.Structure({{"message", text_}}))},
                           {"zoneId", text_},
                           {"groupName", text_},
                           {"networkBorderGroup", text_},
                           {"zoneType", text_},
                           {"optInStatus", text_}});
  }

  const Shape* Subnet() {
    return all_.Structure({{"subnetId", text_},
                           {"subnetArn", text_},
                           {"state", text_},
                           {"ownerId", text_},
                           {"vpcId", text_},
                           {"cidrBlock", text_},
                           {"availableIpAddressCount", number_},
                           {"availabilityZone", text_},
                           {"availabilityZoneId", text_},
                           {"defaultForAz", flag_},
                           {"mapPublicIpOnLaunch", flag_},
                           {"assignIpv6AddressOnCreation", flag_},
                           {"ipv6Native", flag_},
                           {"tagSet", Tags()}});
  }

  const Shape* SecurityGroup() {
    const Shape* range = all_.Structure({{"cidrIp", text_}, {"description", text_}});
    const Shape* permission = all_.Structure(
        {{"ipProtocol", text_}, {"fromPort", number_}, {"toPort", number_}, {"ipRanges", all_.Items(range)}});
    return all_.Structure({{"ownerId", text_},
                           {"groupId", text_},
                           {"groupName", text_},
                           {"groupDescription", text_},
                           {"vpcId", text_},
                           {"ipPermissions", all_.Items(permission)},
                           {"ipPermissionsEgress", all_.Items(permission)},
                           {"tagSet", Tags()},
                           {"securityGroupArn", text_}});
  }

  const Shape* Vpc() {
    const Shape* association = all_.Structure(
        {{"associationId", text_}, {"cidrBlock", text_}, {"cidrBlockState", all_.Structure({{"state", text_}})}});
    return all_.Structure({{"vpcId", text_},
                           {"ownerId", text_},
                           {"state", text_},
                           {"cidrBlock", text_},
                           {"cidrBlockAssociationSet", all_.Items(association)},
                           {"dhcpOptionsId", text_},
                           {"instanceTenancy", text_},
                           {"isDefault", flag_},
                           {"tagSet", Tags()}});
  }

  Shapes all_;
  const Shape* text_ = all_.Plain(Kind::kString);
  const Shape* number_ = all_.Plain(Kind::kInteger);
  const Shape* flag_ = all_.Plain(Kind::kBoolean);
  const Shape* texts_ = all_.Numbered(text_);
  Operations operations_;
};

}  // namespace

const ModelOperation* FindOperation(std::string_view action) {
  static const Model model;
  const auto found = model.operations().find(action);
  return found == model.operations().end() ? nullptr : &found->second;
}

}  // namespace cacheplane::gateway::aws::ec2
