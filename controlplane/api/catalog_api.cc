#include "cacheplane/v1/catalog.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

class CatalogApi final : public v1::CatalogService::CallbackService {
 public:
  explicit CatalogApi(service::CatalogService& catalog) : catalog_(catalog) {}

  grpc::ServerUnaryReactor* ListEngineVersions(grpc::CallbackServerContext* context,
                                               const v1::ListEngineVersionsRequest* request,
                                               v1::ListEngineVersionsResponse* response) override {
    return Answer(context, [&] {
      return PutPage(catalog_.ListEngineVersions(request->engine(), PageOf(*request)), response,
                     &v1::ListEngineVersionsResponse::add_engine_versions);
    });
  }

  grpc::ServerUnaryReactor* ListNodeTypes(grpc::CallbackServerContext* context, const v1::ListNodeTypesRequest* request,
                                          v1::ListNodeTypesResponse* response) override {
    return Answer(context, [&] {
      return PutPage(catalog_.ListNodeTypes(PageOf(*request)), response, &v1::ListNodeTypesResponse::add_node_types);
    });
  }

 private:
  service::CatalogService& catalog_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeCatalogApi(service::CatalogService& catalog) {
  return std::make_unique<CatalogApi>(catalog);
}

}  // namespace cacheplane::api
