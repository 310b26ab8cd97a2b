// The part of NetworkService that keeps security groups.
#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/object_users.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/validate_network.h"

namespace cacheplane::service {
namespace {

model::Event GroupEvent(const std::string& name, const char* message) {
  return {.sequence = 0,
          .time = {},
          .source_type = "cache-security-group",
          .source = name,
          .message = fmt::format("Security group {} {}", name, message),
          .severity = model::Severity::kInfo,
          .cluster = ""};
}

Error NoGroup(const std::string& name) {
  return NotFound(fmt::format("name: there is no security group {}", Quoted(name)));
}

}  // namespace

Result<model::SecurityGroup> NetworkService::CreateSecurityGroup(const SecurityGroupDraft& draft) {
  CP_ASSIGN_OR_RETURN(model::SecurityGroup group, CheckSecurityGroup(draft));
  const Status written =
      WriteWithEvent(GroupEvent(group.name, "created"), [&](ports::Transaction& transaction) -> Status {
        if (transaction.network().FindSecurityGroup(group.name)) {
          return AlreadyExists(
              fmt::format("security_group.name: {} is taken; allowed: any other name", Quoted(group.name)));
        }
        return transaction.network().InsertSecurityGroup(group);
      });
  if (!written.ok()) return written.error();
  return group;
}

Result<model::SecurityGroup> NetworkService::GetSecurityGroup(const std::string& name) const {
  std::optional<model::SecurityGroup> group;
  store_.Read([&](ports::Transaction& transaction) { group = transaction.network().FindSecurityGroup(ToLower(name)); });
  if (!group) return NoGroup(name);
  return *std::move(group);
}

Result<Page<model::SecurityGroup>> NetworkService::ListSecurityGroups(const ListRequest& request) const {
  constexpr std::string_view kScope = "security-groups";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  std::vector<model::SecurityGroup> rows;
  store_.Read([&](ports::Transaction& transaction) { rows = transaction.network().SecurityGroups(OneMore(page)); });
  return MakePage(std::move(rows), page, kScope, [](const model::SecurityGroup& row) { return row.name; });
}

Result<model::SecurityGroup> NetworkService::ModifySecurityGroup(const SecurityGroupDraft& draft) {
  CP_ASSIGN_OR_RETURN(model::SecurityGroup group, CheckSecurityGroup(draft));
  const Status written =
      WriteWithEvent(GroupEvent(group.name, "modified"), [&](ports::Transaction& transaction) -> Status {
        if (!transaction.network().FindSecurityGroup(group.name)) return NoGroup(group.name);
        return transaction.network().UpdateSecurityGroup(group);
      });
  if (!written.ok()) return written.error();
  return group;
}

Status NetworkService::DeleteSecurityGroup(const std::string& name) {
  const std::string stored = ToLower(name);
  return WriteWithEvent(GroupEvent(stored, "deleted"), [&](ports::Transaction& transaction) -> Status {
    if (!transaction.network().FindSecurityGroup(stored)) return NoGroup(name);
    if (stored == "default") return FailedPrecondition("name: security group \"default\" is never deleted");
    CP_RETURN_IF_ERROR(CheckSecurityGroupUnused(transaction, stored));
    return transaction.network().RemoveSecurityGroup(stored);
  });
}

}  // namespace cacheplane::service
