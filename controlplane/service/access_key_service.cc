#include "controlplane/service/access_key_service.h"

#include <fmt/format.h>

#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

Result<model::AccessKey> CheckDraft(const AccessKeyDraft& draft) {
  CP_RETURN_IF_ERROR(CheckText("description", draft.description, kLongestDescription));
  model::AccessKey key;
  key.description = draft.description;
  if (draft.role.empty()) return key;
  const auto role = model::AccessRoleNamed(draft.role);
  if (!role) return Invalid("role", draft.role, "is unknown", QuotedList({"viewer", "operator", "admin"}));
  key.role = *role;
  return key;
}

void AppendEvent(ports::Transaction& transaction, const model::AccessKey& key, const std::string& what, WallTime now) {
  transaction.journal().AppendEvent({.sequence = 0,
                                     .time = now,
                                     .source_type = "access-key",
                                     .source = key.id.str(),
                                     .message = fmt::format("Access key {} {}", key.id.str(), what),
                                     .severity = model::Severity::kInfo,
                                     .cluster = ""});
}

}  // namespace

Result<SecretAccessKey> AccessKeyService::CreateAccessKey(const AccessKeyDraft& draft) {
  CP_ASSIGN_OR_RETURN(model::AccessKey key, CheckDraft(draft));
  const Status written = store_.Write([&](ports::Transaction& transaction) -> Status {
    key.id = identifiers_.NewAccessKey();
    key.created = clock_.Now();
    CP_RETURN_IF_ERROR(transaction.access_keys().Insert(key));
    AppendEvent(transaction, key, fmt::format("of role {} created", model::AccessRoleName(key.role)), key.created);
    return {};
  });
  if (!written.ok()) return written.error();
  journal_.JournalGrew();
  return SecretAccessKey{key, secrets_.AccessKeySecret(key.id)};
}

Result<Page<model::AccessKey>> AccessKeyService::ListAccessKeys(const ListRequest& request) const {
  constexpr std::string_view kScope = "access-keys";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  std::vector<model::AccessKey> rows;
  store_.Read([&](ports::Transaction& transaction) { rows = transaction.access_keys().List(OneMore(page)); });
  return MakePage(std::move(rows), page, kScope, [](const model::AccessKey& row) { return row.id.str(); });
}

Status AccessKeyService::DeleteAccessKey(const std::string& id) {
  if (id.empty()) return Missing("id", "the id of an access key");
  CP_RETURN_IF_ERROR(store_.Write([&](ports::Transaction& transaction) -> Status {
    auto key = transaction.access_keys().Find(model::AccessKeyId(id));
    if (!key) return NotFound(fmt::format("id: there is no access key {}", Quoted(id)));
    if (key->revoked) return {};
    key->revoked = clock_.Now();
    AppendEvent(transaction, *key, "revoked", *key->revoked);
    return transaction.access_keys().Update(*key);
  }));
  journal_.JournalGrew();
  return {};
}

std::optional<SecretAccessKey> AccessKeyService::FindValid(const std::string& id) const {
  std::optional<model::AccessKey> key;
  store_.Read([&](ports::Transaction& transaction) { key = transaction.access_keys().Find(model::AccessKeyId(id)); });
  if (!key || key->revoked) return std::nullopt;
  return SecretAccessKey{*key, secrets_.AccessKeySecret(key->id)};
}

}  // namespace cacheplane::service
