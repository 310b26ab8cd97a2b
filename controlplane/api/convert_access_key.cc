#include "cacheplane/v1/access_key.pb.h"
#include "controlplane/api/proto_convert.h"

namespace cacheplane::api {

void ToProto(const model::AccessKey& key, v1::AccessKey& message) {
  message.set_id(key.id.str());
  message.set_role(std::string(model::AccessRoleName(key.role)));
  message.set_description(key.description);
  ToProto(key.created, *message.mutable_create_time());
  if (key.revoked) ToProto(*key.revoked, *message.mutable_revoke_time());
}

}  // namespace cacheplane::api
