#include "controlplane/store/parameter_group_table.h"

#include <algorithm>

#include "common/text.h"
#include "controlplane/store/json_text.h"
#include "controlplane/store/sql/text.h"

namespace cacheplane::store {
namespace {

using model::ParameterGroup;

const sql::Table kGroup{"parameter_group", {"name"}, {"family", "description", "values_json", "tags_json"}};

ParameterGroup ReadGroup(sql::Row& row) {
  ParameterGroup group;
  std::string values;
  std::string tags;
  row.Into(group.name, group.family, group.description, values, tags);
  FromJson(tags, group.tags);
  FromJson(values, group.values);
  return group;
}

sql::Values ValuesOf(const ParameterGroup& group) {
  return {ToLower(group.name), group.family, group.description, ToJson(group.values), ToJson(group.tags)};
}

Error NoGroup(const std::string& name) { return NotFound("no parameter group " + ToLower(name)); }

}  // namespace

Status ParameterGroupTable::Insert(const ParameterGroup& group) {
  const sql::Change change = session_.Attempt(sql::Insert(kGroup), ValuesOf(group));
  CP_CHECK(change.outcome != sql::Outcome::kDangling);  // a group refers to nothing
  if (change.outcome == sql::Outcome::kDone) return {};
  return AlreadyExists("parameter group " + ToLower(group.name) + " already exists");
}

Status ParameterGroupTable::Update(const ParameterGroup& group) {
  return session_.Execute(sql::Update(kGroup), ValuesOf(group)) == 0 ? Status(NoGroup(group.name)) : Status();
}

Status ParameterGroupTable::Remove(const std::string& name) {
  const auto rows = session_.Execute("DELETE FROM parameter_group WHERE name = $1", {ToLower(name)});
  return rows == 0 ? Status(NoGroup(name)) : Status();
}

std::optional<ParameterGroup> ParameterGroupTable::Find(const std::string& name) {
  return session_.Find(ReadGroup, sql::Select(kGroup) + " WHERE name = $1", {ToLower(name)});
}

std::vector<ParameterGroup> ParameterGroupTable::List(const ports::PageRequest& page) {
  return session_.Select(ReadGroup, sql::Select(kGroup) + " WHERE name > $1 ORDER BY name LIMIT $2",
                         {ToLower(page.after), std::max(page.limit, 0)});
}

}  // namespace cacheplane::store
