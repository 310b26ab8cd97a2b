#include "controlplane/store/access_key_table.h"

#include <algorithm>

#include "controlplane/store/enum_text.h"
#include "controlplane/store/sql/text.h"

namespace cacheplane::store {
namespace {

using model::AccessKey;
using model::AccessRole;

const sql::Table kKey{"access_key", {"id"}, {"role", "description", "created", "revoked"}};

const std::string kInsert = sql::Insert(kKey);
const std::string kUpdate = sql::Update(kKey);
const std::string kFind = sql::Select(kKey) + " WHERE id = $1";
const std::string kList = sql::Select(kKey) + " WHERE id > $1 ORDER BY id LIMIT $2";

AccessKey ReadKey(sql::Row& row) {
  AccessKey key;
  std::string role;
  row.Into(key.id, role, key.description, key.created, key.revoked);
  key.role = EnumNamed(role, model::AccessRoleName, {AccessRole::kViewer, AccessRole::kOperator, AccessRole::kAdmin});
  return key;
}

sql::Values ValuesOf(const AccessKey& key) {
  return {key.id, model::AccessRoleName(key.role), key.description, key.created, key.revoked};
}

}  // namespace

Status AccessKeyTable::Insert(const AccessKey& key) {
  const sql::Change change = session_.Attempt(kInsert, ValuesOf(key));
  CP_CHECK(change.outcome != sql::Outcome::kDangling);  // a key refers to nothing
  if (change.outcome == sql::Outcome::kDone) return {};
  return AlreadyExists("access key " + key.id.str() + " already exists");
}

Status AccessKeyTable::Update(const AccessKey& key) {
  if (session_.Execute(kUpdate, ValuesOf(key)) > 0) return {};
  return NotFound("no access key " + key.id.str());
}

std::optional<AccessKey> AccessKeyTable::Find(const model::AccessKeyId& id) {
  return session_.Find(ReadKey, kFind, {id});
}

std::vector<AccessKey> AccessKeyTable::List(const ports::PageRequest& page) {
  return session_.Select(ReadKey, kList, {page.after, std::max(page.limit, 0)});
}

}  // namespace cacheplane::store
