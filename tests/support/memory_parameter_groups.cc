// Parameter groups of the MemoryStore.
#include "common/text.h"
#include "tests/support/memory_tables.h"

namespace cacheplane::test {
namespace {

model::ParameterGroup InLowerCase(model::ParameterGroup group) {
  group.name = ToLower(group.name);
  return group;
}

}  // namespace

Status MemoryParameterGroups::Insert(const model::ParameterGroup& group) {
  const model::ParameterGroup row = InLowerCase(group);
  const bool added = state_.Change(state_.parameter_groups).emplace(row.name, row).second;
  return added ? Status() : AlreadyExists("parameter group " + row.name);
}

Status MemoryParameterGroups::Update(const model::ParameterGroup& group) {
  const model::ParameterGroup row = InLowerCase(group);
  if (!state_.parameter_groups->contains(row.name)) return NotFound("no parameter group " + row.name);
  state_.Change(state_.parameter_groups).insert_or_assign(row.name, row);
  return {};
}

Status MemoryParameterGroups::Remove(const std::string& name) {
  const bool removed = state_.Change(state_.parameter_groups).erase(ToLower(name)) > 0;
  return removed ? Status() : NotFound("no parameter group " + name);
}

std::optional<model::ParameterGroup> MemoryParameterGroups::Find(const std::string& name) {
  return FindIn(*state_.parameter_groups, ToLower(name));
}

std::vector<model::ParameterGroup> MemoryParameterGroups::List(const ports::PageRequest& page) {
  return PageOf(*state_.parameter_groups, ToLower(page.after), page.limit);
}

}  // namespace cacheplane::test
