#include "cacheplane/v1/access_key.pb.h"
#include "cli/output/proto_values.h"
#include "cli/output/views.h"

namespace cacheplane::cli {

Table ToTable(const v1::ListAccessKeysResponse& list) {
  Table table{{"ID", "ROLE", "CREATED", "REVOKED", "DESCRIPTION"}, {}};
  for (const v1::AccessKey& key : list.access_keys()) {
    const std::string revoked = key.has_revoke_time() ? Shown(key.revoke_time()) : "";
    table.rows.push_back({key.id(), key.role(), Shown(key.create_time()), revoked, key.description()});
  }
  return table;
}

std::vector<std::string> Names(const v1::ListAccessKeysResponse& list) {
  std::vector<std::string> ids;
  for (const v1::AccessKey& key : list.access_keys()) ids.push_back(key.id());
  return ids;
}

}  // namespace cacheplane::cli
