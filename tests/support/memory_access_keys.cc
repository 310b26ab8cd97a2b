// Access keys of the MemoryStore.
#include "tests/support/memory_tables.h"

namespace cacheplane::test {

Status MemoryAccessKeys::Insert(const model::AccessKey& key) {
  const bool added = state_.Change(state_.access_keys).emplace(key.id, key).second;
  return added ? Status() : AlreadyExists("access key " + key.id.str());
}

Status MemoryAccessKeys::Update(const model::AccessKey& key) {
  if (!state_.access_keys->contains(key.id)) return NotFound("no access key " + key.id.str());
  state_.Change(state_.access_keys).insert_or_assign(key.id, key);
  return {};
}

std::optional<model::AccessKey> MemoryAccessKeys::Find(const model::AccessKeyId& id) {
  return FindIn(*state_.access_keys, id);
}

std::vector<model::AccessKey> MemoryAccessKeys::List(const ports::PageRequest& page) {
  return PageOf(*state_.access_keys, model::AccessKeyId(page.after), page.limit);
}

}  // namespace cacheplane::test
