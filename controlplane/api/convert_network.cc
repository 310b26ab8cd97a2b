// Subnets, subnet groups and security groups.
#include "cacheplane/v1/network.pb.h"
#include "controlplane/api/proto_convert.h"

namespace cacheplane::api {

service::SubnetDraft FromProto(const v1::Subnet& message) { return {message.name(), message.zone(), message.cidr()}; }

model::SubnetGroup FromProto(const v1::SubnetGroup& message) {
  return {message.name(),
          message.description(),
          {message.subnets().begin(), message.subnets().end()},
          {message.tags().begin(), message.tags().end()}};
}

service::SecurityGroupDraft FromProto(const v1::SecurityGroup& message) {
  service::SecurityGroupDraft draft{message.name(), message.description(), {}};
  for (const v1::SecurityGroupRule& rule : message.ingress()) {
    draft.ingress.push_back({rule.protocol(), rule.from_port(), rule.to_port(), rule.cidr(), rule.description()});
  }
  return draft;
}

void ToProto(const service::SubnetDetails& details, v1::Subnet& message) {
  message.set_name(details.subnet.name);
  message.set_zone(details.subnet.zone);
  message.set_cidr(model::FormatCidr(details.subnet.cidr));
  message.set_available_addresses(static_cast<std::int32_t>(details.available_addresses));  // at most a /16
}

void ToProto(const service::SubnetGroupDetails& details, v1::SubnetGroup& message) {
  message.set_name(details.group.name);
  message.set_description(details.group.description);
  message.mutable_subnets()->Assign(details.group.subnets.begin(), details.group.subnets.end());
  message.mutable_zones()->Assign(details.zones.begin(), details.zones.end());
  message.mutable_tags()->insert(details.group.tags.begin(), details.group.tags.end());
}

void ToProto(const model::SecurityGroup& group, v1::SecurityGroup& message) {
  message.set_name(group.name);
  message.set_description(group.description);
  for (const model::SecurityGroupRule& rule : group.ingress) {
    v1::SecurityGroupRule& added = *message.add_ingress();
    added.set_protocol(rule.protocol);
    added.set_from_port(rule.from_port);
    added.set_to_port(rule.to_port);
    added.set_cidr(model::FormatCidr(rule.cidr));
    added.set_description(rule.description);
  }
  message.set_enforcement("not-enforced");
}

}  // namespace cacheplane::api
