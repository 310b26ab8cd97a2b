#include "controlplane/store/network_table.h"

#include <algorithm>
#include <set>

#include "common/text.h"
#include "controlplane/store/json_text.h"
#include "controlplane/store/sql/text.h"

namespace cacheplane::store {
namespace {

using model::SecurityGroup;
using model::Subnet;
using model::SubnetGroup;

const sql::Table kSubnet{"subnet", {"name"}, {"zone", "cidr"}};
const sql::Table kSubnetGroup{"subnet_group", {"name"}, {"description", "tags_json"}};
const sql::Table kSecurityGroup{"security_group", {"name"}, {"description", "ingress_json"}};

const std::string kByName = " WHERE name = $1";
const std::string kPage = " WHERE name > $1 ORDER BY name LIMIT $2";

Subnet ReadSubnet(sql::Row& row) {
  Subnet subnet;
  std::string cidr;
  row.Into(subnet.name, subnet.zone, cidr);
  subnet.cidr = model::ParseCidr(cidr).value();
  return subnet;
}

// Its subnets are read apart.
SubnetGroup ReadSubnetGroup(sql::Row& row) {
  SubnetGroup group;
  std::string tags;
  row.Into(group.name, group.description, tags);
  FromJson(tags, group.tags);
  return group;
}

sql::Values ValuesOf(const SubnetGroup& group) { return {ToLower(group.name), group.description, ToJson(group.tags)}; }

SecurityGroup ReadSecurityGroup(sql::Row& row) {
  SecurityGroup group;
  std::string ingress;
  row.Into(group.name, group.description, ingress);
  FromJson(ingress, group.ingress);
  return group;
}

sql::Values PageValues(const ports::PageRequest& page) { return {ToLower(page.after), std::max(page.limit, 0)}; }

// For tables whose rows refer to nothing.
Status InsertInto(sql::Session& session, const sql::Table& table, const sql::Values& values, const std::string& what) {
  const sql::Change change = session.Attempt(sql::Insert(table), values);
  CP_CHECK(change.outcome != sql::Outcome::kDangling);
  return change.outcome == sql::Outcome::kTaken ? AlreadyExists(what + " already exists") : Status();
}

Status UpdateIn(sql::Session& session, const sql::Table& table, const sql::Values& values, const std::string& what) {
  return session.Execute(sql::Update(table), values) == 0 ? NotFound("no " + what) : Status();
}

Status RemoveFrom(sql::Session& session, const std::string& statement, const std::string& name,
                  const std::string& what) {
  const sql::Change change = session.Attempt(statement, {name});
  if (change.outcome != sql::Outcome::kDone) return FailedPrecondition(what + " is in use");
  return change.rows == 0 ? NotFound("no " + what) : Status();
}

}  // namespace

Status NetworkTable::InsertSubnet(const Subnet& subnet) {
  const std::string name = ToLower(subnet.name);
  return InsertInto(session_, kSubnet, {name, subnet.zone, FormatCidr(subnet.cidr)}, "subnet " + name);
}

Status NetworkTable::RemoveSubnet(const std::string& name) {
  const std::string lower = ToLower(name);
  return RemoveFrom(session_, "DELETE FROM subnet WHERE name = $1", lower, "subnet " + lower);
}

std::optional<Subnet> NetworkTable::FindSubnet(const std::string& name) {
  return session_.Find(ReadSubnet, sql::Select(kSubnet) + kByName, {ToLower(name)});
}

std::vector<Subnet> NetworkTable::Subnets(const ports::PageRequest& page) {
  return session_.Select(ReadSubnet, sql::Select(kSubnet) + kPage, PageValues(page));
}

Status NetworkTable::InsertSubnetGroup(const SubnetGroup& group) {
  const std::string name = ToLower(group.name);
  return sql::Atomically(session_, [&]() -> Status {
    CP_RETURN_IF_ERROR(InsertInto(session_, kSubnetGroup, ValuesOf(group), "subnet group " + name));
    return PutSubnets(group);
  });
}

Status NetworkTable::UpdateSubnetGroup(const SubnetGroup& group) {
  const std::string name = ToLower(group.name);
  return sql::Atomically(session_, [&]() -> Status {
    CP_RETURN_IF_ERROR(UpdateIn(session_, kSubnetGroup, ValuesOf(group), "subnet group " + name));
    return PutSubnets(group);
  });
}

Status NetworkTable::PutSubnets(const SubnetGroup& group) {
  const std::string name = ToLower(group.name);
  session_.Execute("DELETE FROM subnet_group_subnet WHERE subnet_group = $1", {name});
  std::set<std::string> subnets;  // each once
  for (const std::string& subnet : group.subnets) subnets.insert(ToLower(subnet));
  for (const std::string& subnet : subnets) {
    const sql::Change change =
        session_.Attempt("INSERT INTO subnet_group_subnet (subnet_group, subnet) VALUES ($1, $2)", {name, subnet});
    if (change.outcome != sql::Outcome::kDone) return NotFound("no subnet " + subnet);
  }
  return {};
}

Status NetworkTable::RemoveSubnetGroup(const std::string& name) {
  const std::string lower = ToLower(name);
  return RemoveFrom(session_, "DELETE FROM subnet_group WHERE name = $1", lower, "subnet group " + lower);
}

std::optional<SubnetGroup> NetworkTable::FindSubnetGroup(const std::string& name) {
  auto group = session_.Find(ReadSubnetGroup, sql::Select(kSubnetGroup) + kByName, {ToLower(name)});
  if (group) group->subnets = SubnetsOf(group->name);
  return group;
}

std::vector<SubnetGroup> NetworkTable::SubnetGroups(const ports::PageRequest& page) {
  auto groups = session_.Select(ReadSubnetGroup, sql::Select(kSubnetGroup) + kPage, PageValues(page));
  for (SubnetGroup& group : groups) group.subnets = SubnetsOf(group.name);
  return groups;
}

std::vector<std::string> NetworkTable::SubnetsOf(const std::string& group) {
  return session_.Select(sql::Only<std::string>,
                         "SELECT subnet FROM subnet_group_subnet WHERE subnet_group = $1 ORDER BY subnet", {group});
}

Status NetworkTable::InsertSecurityGroup(const SecurityGroup& group) {
  const std::string name = ToLower(group.name);
  return InsertInto(session_, kSecurityGroup, {name, group.description, ToJson(group.ingress)},
                    "security group " + name);
}

Status NetworkTable::UpdateSecurityGroup(const SecurityGroup& group) {
  const std::string name = ToLower(group.name);
  return UpdateIn(session_, kSecurityGroup, {name, group.description, ToJson(group.ingress)}, "security group " + name);
}

Status NetworkTable::RemoveSecurityGroup(const std::string& name) {
  const std::string lower = ToLower(name);
  return RemoveFrom(session_, "DELETE FROM security_group WHERE name = $1", lower, "security group " + lower);
}

std::optional<SecurityGroup> NetworkTable::FindSecurityGroup(const std::string& name) {
  return session_.Find(ReadSecurityGroup, sql::Select(kSecurityGroup) + kByName, {ToLower(name)});
}

std::vector<SecurityGroup> NetworkTable::SecurityGroups(const ports::PageRequest& page) {
  return session_.Select(ReadSecurityGroup, sql::Select(kSecurityGroup) + kPage, PageValues(page));
}

}  // namespace cacheplane::store
