// Subnets and subnet groups; security groups are in security_groups.cc.
#include "controlplane/service/network_service.h"

#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/service/network_views.h"
#include "controlplane/service/object_users.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/validate_network.h"

namespace cacheplane::service {
namespace {

model::Event GroupEvent(const std::string& name, const char* message) {
  return {.sequence = 0,
          .time = {},
          .source_type = "cache-subnet-group",
          .source = name,
          .message = fmt::format("Subnet group {} {}", name, message),
          .severity = model::Severity::kInfo,
          .cluster = ""};
}

Error NoSubnet(const std::string& name) { return NotFound(fmt::format("name: there is no subnet {}", Quoted(name))); }
Error NoGroup(const std::string& name) {
  return NotFound(fmt::format("name: there is no subnet group {}", Quoted(name)));
}

// A group that was read, changed and sent back has the tags that it had.
Status CheckTagsStay(const model::SubnetGroup& present, const Tags& asked) {
  if (asked.empty() || asked == present.tags) return {};
  return InvalidArgument("subnet_group.tags: are not changed by this call; allowed: none, or those it has");
}

}  // namespace

NetworkService::NetworkService(ports::Store& store, ports::JournalSignal& journal, const Clock& clock)
    : store_(store), journal_(journal), clock_(clock) {}

Status NetworkService::WriteWithEvent(model::Event event, const std::function<Status(ports::Transaction&)>& change) {
  const Status written = store_.Write([&](ports::Transaction& transaction) -> Status {
    CP_RETURN_IF_ERROR(change(transaction));
    event.time = clock_.Now();
    transaction.journal().AppendEvent(event);
    return {};
  });
  if (!written.ok()) return written.error();
  journal_.JournalGrew();
  return {};
}

Result<SubnetDetails> NetworkService::CreateSubnet(const SubnetDraft& draft) {
  SubnetDetails details;
  const Status written = store_.Write([&](ports::Transaction& transaction) -> Status {
    CP_ASSIGN_OR_RETURN(const std::string name, CheckObjectName("subnet.name", draft.name));
    if (transaction.network().FindSubnet(name)) {
      return AlreadyExists(fmt::format("subnet.name: {} is taken; allowed: any other name", Quoted(name)));
    }
    CP_ASSIGN_OR_RETURN(const model::Subnet subnet, CheckSubnet(draft, AllSubnets(transaction.network())));
    CP_RETURN_IF_ERROR(transaction.network().InsertSubnet(subnet));
    details = DescribeSubnet(transaction, subnet);
    return {};
  });
  if (!written.ok()) return written.error();
  return details;
}

Result<SubnetDetails> NetworkService::GetSubnet(const std::string& name) const {
  std::optional<SubnetDetails> details;
  store_.Read([&](ports::Transaction& transaction) {
    const auto subnet = transaction.network().FindSubnet(ToLower(name));
    if (subnet) details = DescribeSubnet(transaction, *subnet);
  });
  if (!details) return NoSubnet(name);
  return *std::move(details);
}

Result<Page<SubnetDetails>> NetworkService::ListSubnets(const ListRequest& request) const {
  constexpr std::string_view kScope = "subnets";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  std::vector<SubnetDetails> rows;
  store_.Read([&](ports::Transaction& transaction) {
    for (const model::Subnet& subnet : transaction.network().Subnets(OneMore(page))) {
      rows.push_back(DescribeSubnet(transaction, subnet));
    }
  });
  return MakePage(std::move(rows), page, kScope, [](const SubnetDetails& row) { return row.subnet.name; });
}

Status NetworkService::DeleteSubnet(const std::string& name) {
  return store_.Write([&](ports::Transaction& transaction) -> Status {
    const std::string stored = ToLower(name);
    if (!transaction.network().FindSubnet(stored)) return NoSubnet(name);
    CP_RETURN_IF_ERROR(CheckSubnetUnused(transaction, stored));
    return transaction.network().RemoveSubnet(stored);
  });
}

Result<SubnetGroupDetails> NetworkService::CreateSubnetGroup(const model::SubnetGroup& draft) {
  CP_ASSIGN_OR_RETURN(const model::SubnetGroup group, CheckSubnetGroup(draft));
  SubnetGroupDetails details;
  const Status written =
      WriteWithEvent(GroupEvent(group.name, "created"), [&](ports::Transaction& transaction) -> Status {
        if (transaction.network().FindSubnetGroup(group.name)) {
          return AlreadyExists(
              fmt::format("subnet_group.name: {} is taken; allowed: any other name", Quoted(group.name)));
        }
        CP_RETURN_IF_ERROR(CheckSubnetsExist(transaction.network(), group));
        details = DescribeSubnetGroup(transaction.network(), group);
        return transaction.network().InsertSubnetGroup(group);
      });
  if (!written.ok()) return written.error();
  return details;
}

Result<SubnetGroupDetails> NetworkService::GetSubnetGroup(const std::string& name) const {
  std::optional<SubnetGroupDetails> details;
  store_.Read([&](ports::Transaction& transaction) {
    const auto group = transaction.network().FindSubnetGroup(ToLower(name));
    if (group) details = DescribeSubnetGroup(transaction.network(), *group);
  });
  if (!details) return NoGroup(name);
  return *std::move(details);
}

Result<Page<SubnetGroupDetails>> NetworkService::ListSubnetGroups(const ListRequest& request) const {
  constexpr std::string_view kScope = "subnet-groups";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  std::vector<SubnetGroupDetails> rows;
  store_.Read([&](ports::Transaction& transaction) {
    for (const model::SubnetGroup& group : transaction.network().SubnetGroups(OneMore(page))) {
      rows.push_back(DescribeSubnetGroup(transaction.network(), group));
    }
  });
  return MakePage(std::move(rows), page, kScope, [](const SubnetGroupDetails& row) { return row.group.name; });
}

Result<SubnetGroupDetails> NetworkService::ModifySubnetGroup(const model::SubnetGroup& draft) {
  CP_ASSIGN_OR_RETURN(model::SubnetGroup group, CheckSubnetGroup(draft));
  SubnetGroupDetails details;
  const Status written =
      WriteWithEvent(GroupEvent(group.name, "modified"), [&](ports::Transaction& transaction) -> Status {
        const auto present = transaction.network().FindSubnetGroup(group.name);
        if (!present) return NoGroup(group.name);
        CP_RETURN_IF_ERROR(CheckTagsStay(*present, group.tags));
        group.tags = present->tags;
        CP_RETURN_IF_ERROR(CheckSubnetsExist(transaction.network(), group));
        CP_RETURN_IF_ERROR(CheckStillServes(transaction, group));
        details = DescribeSubnetGroup(transaction.network(), group);
        return transaction.network().UpdateSubnetGroup(group);
      });
  if (!written.ok()) return written.error();
  return details;
}

Result<SubnetGroupDetails> NetworkService::TagSubnetGroup(const std::string& name, const TagChange& change) {
  const std::string stored = ToLower(name);
  SubnetGroupDetails details;
  const Status written =
      WriteWithEvent(GroupEvent(stored, "has other tags"), [&](ports::Transaction& transaction) -> Status {
        auto group = transaction.network().FindSubnetGroup(stored);
        if (!group) return NoGroup(name);
        if (stored == "default") return FailedPrecondition("name: subnet group \"default\" takes no tags");
        CP_RETURN_IF_ERROR(change(group->tags));
        CP_RETURN_IF_ERROR(CheckTags("subnet_group.tags", group->tags));
        details = DescribeSubnetGroup(transaction.network(), *group);
        return transaction.network().UpdateSubnetGroup(*group);
      });
  if (!written.ok()) return written.error();
  return details;
}

Status NetworkService::DeleteSubnetGroup(const std::string& name) {
  const std::string stored = ToLower(name);
  return WriteWithEvent(GroupEvent(stored, "deleted"), [&](ports::Transaction& transaction) -> Status {
    if (!transaction.network().FindSubnetGroup(stored)) return NoGroup(name);
    if (stored == "default") return FailedPrecondition("name: subnet group \"default\" is never deleted");
    CP_RETURN_IF_ERROR(CheckSubnetGroupUnused(transaction, stored));
    return transaction.network().RemoveSubnetGroup(stored);
  });
}

}  // namespace cacheplane::service
