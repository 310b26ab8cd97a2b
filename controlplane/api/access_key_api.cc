#include "cacheplane/v1/access_key.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class AccessKeyApi final : public v1::AccessKeyService::CallbackService {
 public:
  explicit AccessKeyApi(service::AccessKeyService& keys) : keys_(keys) {}

  Reactor* CreateAccessKey(Context* context, const v1::CreateAccessKeyRequest* request,
                           v1::CreateAccessKeyResponse* response) override {
    return Answer(context, [&]() -> Status {
      CP_ASSIGN_OR_RETURN(const auto created, keys_.CreateAccessKey({request->role(), request->description()}));
      ToProto(created.key, *response->mutable_access_key());
      response->set_secret_access_key(created.secret);
      return {};
    });
  }

  Reactor* ListAccessKeys(Context* context, const v1::ListAccessKeysRequest* request,
                          v1::ListAccessKeysResponse* response) override {
    return Answer(context, [&] {
      return PutPage(keys_.ListAccessKeys(PageOf(*request)), response, &v1::ListAccessKeysResponse::add_access_keys);
    });
  }

  Reactor* DeleteAccessKey(Context* context, const v1::DeleteAccessKeyRequest* request,
                           v1::DeleteAccessKeyResponse*) override {
    return Answer(context, [&] { return keys_.DeleteAccessKey(request->id()); });
  }

 private:
  service::AccessKeyService& keys_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAccessKeyApi(service::AccessKeyService& keys) {
  return std::make_unique<AccessKeyApi>(keys);
}

}  // namespace cacheplane::api
